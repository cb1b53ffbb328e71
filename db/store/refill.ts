import { isSameJson, type JsonObject } from '../../lib/canonical.js';
import { LimitExceededError } from '../../lib/errors.js';
import { statement } from '../statement.js';
import { checkImmutable } from './check-immutable.js';
import type { Draft } from './draft.js';
import { fillSpecs } from './fill-specs.js';
import { statedOf } from './stated-of.js';
import type { World } from './world.js';

/**
 * Fills anew what follows from a definition, a tier or an environment that the changeset changes, and notes what is to be
 * expanded anew. A definition whose changes need approval reaches nothing until that is refreshed. Some statements, however
 * many resources follow. Throws BadInputError with those that would not be allowed any more.
 */
export async function refill(world: World): Promise<void> {
  const followers = [...(await ofDefinitions(world)), ...(await ofEnvironments(world))];
  if (followers.length === 0) return;
  if (followers.length > MOST) {
    throw new LimitExceededError(
      `${followers.length} resources follow from what this changes; at most ${MOST} can in one changeset.`,
    );
  }
  await world.loadIds(
    followers.flatMap(({ id, ownerId }) => (ownerId === null ? [id] : [id, ownerId])),
    'edit',
  );
  const drafts = [...new Set(followers.flatMap(({ id }) => world.get(id) ?? []))].filter((draft) => !draft.isDeleting);
  for (const { id, ownerId } of followers)
    for (const stale of [id, ownerId]) if (stale !== null) world.stale.add(stale);
  // What is owned is stated by its owner, which is expanded anew.
  const own = drafts.filter((draft) => draft.ownerId === null && draft.kind.name !== 'AppInstance');
  const statements = own.map((draft) => ({ draft, stated: statedOf(draft, draft), pathOf: null }));
  const filled = await fillSpecs(world, statements);
  for (const { draft } of statements) {
    const after = filled.get(draft);
    if (!after) continue;
    draft.managers = after.managers;
    if (isSameJson(draft.spec, after.spec)) continue;
    draft.spec = world.context.validator.validate(draft.kind, after.spec);
    checkImmutable(world, draft, () => []);
  }
}

/** One transaction holds the locks of all of them. */
const MOST = 20_000;

interface Follower {
  readonly id: string;
  readonly ownerId: string | null;
}

async function ofDefinitions(world: World): Promise<readonly Follower[]> {
  const kinds = new Set(world.context.registry.kinds.flatMap(({ definedBy }) => definedBy ?? []));
  const changed = changedOf(world, (draft) => kinds.has(draft.kind.name)).filter(
    (draft) => draft.spec.changes !== 'approval',
  );
  if (changed.length === 0) return [];
  return world.transaction.query(listByDefinition, [changed.map((draft) => draft.id), MOST + 1]);
}

async function ofEnvironments(world: World): Promise<readonly Follower[]> {
  const tiers = changedOf(world, (draft) => draft.kind.name === 'Tier');
  const ofTiers = tiers.length === 0 ? [] : await world.transaction.query(listByTier, [tiers.map((draft) => draft.id)]);
  const changed = changedOf(world, (draft) => draft.kind.name === 'Environment').map((draft) => draft.id);
  const ids = [...new Set([...changed, ...ofTiers.map(({ id }) => id)])];
  if (ids.length === 0) return [];
  for (const id of ids) world.stale.add(id);
  return world.transaction.query(listByEnvironment, [ids, MOST + 1]);
}

/** Of those that were there before and say something else now. */
function changedOf(world: World, isOne: (draft: Draft) => boolean): readonly Draft[] {
  return world.drafts.filter(
    (draft) =>
      isOne(draft) &&
      draft.before !== null &&
      !draft.isDeleting &&
      !isSameJson(told(draft.before.spec), told(draft.spec)),
  );
}

/** Nothing follows from a description. */
const told = ({ description: _, ...spec }: JsonObject): JsonObject => spec;

const listByDefinition = statement<Follower>(
  'refill.list-by-definition',
  `select r.id, r.owner_id as "ownerId" from reference f join resource r on r.id = f.from_id
   where f.to_id = any($1) and f.path = 'definition' and r.deletion_requested_at is null order by r.id limit $2`,
);
const listByTier = statement<{ id: string }>(
  'refill.list-by-tier',
  `select r.id from reference f join resource r on r.id = f.from_id
   where f.to_id = any($1) and f.path = 'tier' and r.kind = 'Environment' and r.deletion_requested_at is null`,
);
const listByEnvironment = statement<Follower>(
  'refill.list-by-environment',
  `select id, owner_id as "ownerId" from resource
   where environment_id = any($1) and owner_id is null and deletion_requested_at is null order by id limit $2`,
);
