import { isJsonObject, type Json } from '../../lib/canonical.js';
import { BlockedError } from '../../lib/errors.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import type { World } from './world.js';

/**
 * Carries deletions that were marked on to what is owned, and refuses them when somebody who stays depends on what goes
 * (BlockedError). What nothing reconciles goes at once, or with the last of those that depend on it and go as well.
 */
export async function settleDeletions(
  world: World,
  marked: readonly Draft[] = world.drafts.filter((draft) => draft.isDeletionNew),
): Promise<void> {
  const going = new Map<string, Draft>();
  let added = marked;
  while (added.length > 0) {
    for (const draft of added) going.set(draft.id, draft);
    const owned = await world.loadOwned(
      added.map((draft) => draft.id),
      'remove',
    );
    const forced = new Set(added.filter((draft) => draft.isForced).map((draft) => draft.id));
    const forgotten = [
      ...owned.filter(({ ownerId }) => forced.has(ownerId ?? '')),
      ...(await loadWhatIsOn(world, added)),
    ];
    for (const draft of forgotten) draft.isForced = true;
    added = [...new Set([...owned, ...forgotten])].filter(
      (draft) => !going.has(draft.id) && (!draft.isDeleting || draft.isForceNew),
    );
    for (const draft of added) draft.isDeleting = true;
  }
  if (going.size === 0) return;
  refuseProtected(world, going);
  await world.loadIds([...going.keys()], 'remove');
  const dependents = await world.transaction.query(listDependents, [[...going.keys()]]);
  world.dependents.push(...dependents);
  const edges = dependents.filter(
    // What is stated anew is looked at when references are resolved.
    (edge) => edge.via !== 'reference' || !world.get(edge.id)?.isRestated,
  );
  refuseBlocked(world, going, edges);
  markRemovable(going, edges);
}

/**
 * What acts under the lease of those that are forced, and what owns it: the workloads of a runtime and their app
 * instances. Nobody can remove them from a cluster that is forgotten.
 */
async function loadWhatIsOn(world: World, drafts: readonly Draft[]): Promise<readonly Draft[]> {
  const keys = drafts
    .filter((draft) => draft.isForced && draft.kind.lease?.per === 'self')
    .map((draft) => draft.leaseKey);
  if (keys.length === 0) return [];
  const rows = await world.transaction.query(listUnderLeases, [keys]);
  const ids = rows.flatMap(({ id, ownerId }) => (ownerId === null ? [id] : [id, ownerId]));
  await world.loadIds(ids, 'remove');
  return ids.flatMap((id) => world.get(id) ?? []);
}

/** What says of itself that it is not to go stays, whoever goes with it. */
function refuseProtected(world: World, going: ReadonlyMap<string, Draft>): void {
  const kept = [...going.values()].filter((draft) => !draft.isForced && isProtected(draft));
  const [first] = kept;
  if (!first) return;
  const path = first.kind.protectedBy ?? '';
  const titles = kept.map((draft) => `${draft.kind.name} ${draft.name}`);
  const error = new BlockedError(
    `${titles.join(', ')} cannot be deleted while ${path} is true. Set it to false first.`,
    kept.slice(0, MOST_BLOCKERS).map((draft) => `${draft.kind.name} ${draft.name} (${draft.id})`),
  );
  world.refuse(error, kept);
}

function isProtected({ kind, spec }: Draft): boolean {
  if (kind.protectedBy === undefined) return false;
  return (
    kind.protectedBy
      .split('.')
      .reduce<Json | undefined>((at, key) => (isJsonObject(at) ? at[key] : undefined), spec) === true
  );
}

interface Dependent {
  readonly targetId: string;
  readonly via: 'reference' | 'owner' | 'place';
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly ownerId: string | null;
  readonly isDeleting: boolean;
  /** Who owns it, outermost; itself where nobody does. */
  readonly top: { readonly id: string; readonly kind: string; readonly name: string };
}

/** A longer list helps nobody; the count is told. */
const MOST_BLOCKERS = 50;

function refuseBlocked(world: World, going: ReadonlyMap<string, Draft>, edges: readonly Dependent[]): void {
  const staying = edges.filter((edge) => !edge.isDeleting && !world.get(edge.id)?.isDeleting);
  if (staying.length === 0) return;
  const ids = new Set(staying.map((edge) => edge.id));
  // Who deletes the owner deletes the owned, so only the outermost owner is worth telling.
  const told = new Map(
    staying
      .filter((edge) => edge.ownerId === null || !ids.has(edge.ownerId))
      .map(({ top }) => [top.id, `${top.kind} ${top.name} (${top.id})`]),
  );
  const blocked = [...new Set(staying.flatMap((edge) => going.get(edge.targetId) ?? []))];
  const titles = blocked.map((draft) => `${draft.kind.name} ${draft.name}`);
  const blockers = [...told.values()].slice(0, MOST_BLOCKERS);
  const rest = told.size > blockers.length ? `, and ${told.size - blockers.length} more` : '';
  const error = new BlockedError(
    `${titles.join(', ')} cannot be deleted: ${blockers.join(', ')}${rest} would be left without it. Delete these first, or in the same changeset.`,
    blockers,
  );
  world.refuse(error, blocked);
}

function markRemovable(going: ReadonlyMap<string, Draft>, edges: readonly Dependent[]): void {
  const defined = [...going.values()].filter((draft) => draft.kind.lease === null);
  const dependents = new Map<string, string[]>(defined.map((draft) => [draft.id, []]));
  for (const { targetId, id } of edges) dependents.get(targetId)?.push(id);
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    for (const draft of defined) {
      if (draft.isRemoved || !dependents.get(draft.id)?.every((id) => going.get(id)?.isRemoved)) continue;
      draft.isRemoved = true;
      isMoving = true;
    }
  }
}

const listUnderLeases = statement<{ id: string; ownerId: string | null }>(
  'deletion.list-under-leases',
  'select id, owner_id as "ownerId" from resource where lease_key = any($1) order by id',
);
// Those that stay come first, so that the bound never hides one of them.
const listDependents = statement<Dependent>(
  'deletion.list-dependents',
  `select e.target as "targetId", e.via, r.id, r.kind, r.name, r.owner_id as "ownerId",
     r.deletion_requested_at is not null as "isDeleting",
     jsonb_build_object('id', coalesce(o2.id, o1.id, r.id), 'kind', coalesce(o2.kind, o1.kind, r.kind),
       'name', coalesce(o2.name, o1.name, r.name)) as top
   from (
     select to_id as target, from_id as id, 'reference' as via from reference where to_id = any($1)
     union all select owner_id, id, 'owner' from resource where owner_id = any($1)
     union all select environment_id, id, 'place' from resource where environment_id = any($1)
     union all select project_id, id, 'place' from resource where project_id = any($1)
   ) e join resource r on r.id = e.id
     left join resource o1 on o1.id = r.owner_id left join resource o2 on o2.id = o1.owner_id
   order by "isDeleting", r.kind, r.name, r.id
   limit 20000`,
);
