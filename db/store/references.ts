import { ConflictError, NotFoundError } from '../../lib/errors.js';
import { leaseKeyOf } from '../../model/lease-key.js';
import { listReferences, type NamedReference, namedResource, titleOf } from '../../model/references.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import type { StatedEdit } from './edits.js';
import { findNamed, loadNamed } from './places.js';
import type { NewReference, World } from './world.js';

/**
 * Finds and locks what changed resources refer to, so that it cannot go meanwhile. Refuses what is not there
 * (NotFoundError) and what is being deleted (ConflictError). Gives new resources their lease key. Runs after everything
 * that the changeset makes is there, so that of two new resources each may name the other's.
 */
export async function resolveReferences(world: World, edited: readonly StatedEdit[]): Promise<void> {
  const referrers = world.drafts.filter((draft) => !draft.isDeleting && (draft.hasNewSpec || draft.implied !== null));
  const named = referrers.flatMap((from) => referencesOf(from).map((to) => ({ from, to })));
  await loadNamed(world, named, 'refer');
  const indexes = new Map(edited.map(({ draft, index }) => [draft, index]));
  const found = named.map(({ from, to }): FoundReference => {
    const index = indexes.get(from);
    const path = index === undefined ? [] : ['edits', index, 'spec', ...to.path.split('.')];
    return { from, path: to.path, target: targetAt(world, from, to, path) };
  });
  await keepUnchanged(world, referrers, found);
  for (const { from, path, target } of found) {
    if (from.hasNewSpec || from.hasNewReferences) world.newReferences.push(edge(from, path, target));
  }
  assignLeaseKeys(referrers, found);
}

/** What stands before the name of a reference that no field of the spec states. */
const IMPLIED = '~';

interface FoundReference {
  readonly from: Draft;
  readonly path: string;
  readonly target: Draft;
}

const edge = (from: Draft, path: string, target: Draft): NewReference => ({ fromId: from.id, path, toId: target.id });

function referencesOf(from: Draft): readonly NamedReference[] {
  const implied = (from.implied ?? []).map(({ path, resource }) => ({
    path: `${IMPLIED}${path}`,
    ...namedResource(resource),
  }));
  return [...listReferences(from.kind, from.spec), ...implied];
}

function targetAt(world: World, from: Draft, to: NamedReference, path: readonly (string | number)[]): Draft {
  const target = findNamed(world, from, to);
  const title = titleOf(to);
  const where = to.path.startsWith(IMPLIED) ? 'needs' : `refers to at ${to.path}`;
  if (!target) {
    throw new NotFoundError(`There is no ${title}, which ${from.kind.name} ${from.name} ${where}.`, { path });
  }
  if (target.isDeleting) {
    throw new ConflictError(
      `${title} is being deleted, so ${from.kind.name} ${from.name}, which ${where.replace(/ to at.*/, ' to')} it, cannot be so.`,
      { path },
    );
  }
  return target;
}

/** Of what was expanded anew and states the same, the references may be others all the same. */
async function keepUnchanged(
  world: World,
  referrers: readonly Draft[],
  found: readonly FoundReference[],
): Promise<void> {
  const stated = referrers.filter((draft) => draft.before !== null && !draft.hasNewSpec);
  if (stated.length === 0) return;
  const stored = await world.transaction.query(listReferencesOf, [stated.map((draft) => draft.id)]);
  const textOf = (references: readonly NewReference[]) =>
    references
      .map(({ path, toId }) => `${path} ${toId}`)
      .sort()
      .join('\n');
  for (const draft of stated) {
    const before = stored.filter(({ fromId }) => fromId === draft.id);
    const after = found.filter(({ from }) => from === draft).map(({ from, path, target }) => edge(from, path, target));
    draft.hasNewReferences = textOf(before) !== textOf(after);
  }
}

/** What a lease is reached through may be as new as the resource, over several steps. */
function assignLeaseKeys(referrers: readonly Draft[], found: readonly FoundReference[]): void {
  const targets = new Map(found.map(({ from, path, target }) => [`${from.id} ${path}`, target]));
  const keyOf = (draft: Draft, steps: number): string | null => {
    if (steps === 0) return null;
    return leaseKeyOf(draft.kind, draft.id, (path) => {
      const target = targets.get(`${draft.id} ${path}`);
      if (!target) return draft.leaseKey;
      return target.before === null || target.hasNewSpec ? keyOf(target, steps - 1) : target.leaseKey;
    });
  };
  for (const draft of referrers) draft.leaseKey = keyOf(draft, MAX_STEPS);
}

/** Kinds whose lease is reached through each other, without an end, are a defect of their author. */
const MAX_STEPS = 8;

const listReferencesOf = statement<NewReference>(
  'references.list',
  'select from_id as "fromId", path, to_id as "toId" from reference where from_id = any($1)',
);
