import { ConflictError, NotFoundError } from '../../lib/errors.js';
import { leaseKeyOf } from '../../model/lease-key.js';
import { listReferences, type NamedReference, namedResource, titleOf } from '../../model/references.js';
import { refuseCycles } from './cycles.js';
import type { Draft } from './draft.js';
import type { StatedEdit } from './edits.js';
import { findOffers, notOffered, refuseNarrowedOffers } from './offers.js';
import { findNamed, loadNamed } from './places.js';
import { readStoredReferences, type StoredReference } from './stored-references.js';
import type { World } from './world.js';

/** An edge from what changed, with what it leads to. */
export interface FoundReference {
  readonly from: Draft;
  readonly to: NamedReference;
  /** Under which it is stored. */
  readonly path: string;
  /** Where it stands in the changeset; empty when no edit states it. */
  readonly inputPath: readonly (string | number)[];
  readonly target: Draft;
}

/**
 * Finds and locks what changed resources refer to, so that it cannot go meanwhile. Refuses what is not there
 * (NotFoundError), what is being deleted (ConflictError), what another project does not offer, and what would go in a
 * circle (BadInputError). Gives new resources their lease key. Runs after everything that the changeset makes is there, so
 * that of two new resources each may name what the other owns.
 */
export async function resolveReferences(world: World, edited: readonly StatedEdit[]): Promise<void> {
  const referrers = world.drafts.filter((draft) => !draft.isDeleting && draft.isRestated);
  const named = referrers.flatMap((from) => referencesOf(from).map((to) => ({ from, to })));
  await loadNamed(world, named, 'refer');
  const indexes = new Map(edited.map(({ draft, index }) => [draft, index]));
  // What an edit brings is about that edit.
  const pathOf = (draft: Draft, field: readonly string[]): readonly (string | number)[] => {
    const index = indexes.get(draft);
    if (index !== undefined) return ['edits', index, ...field];
    const owner = draft.ownerId === null ? null : world.get(draft.ownerId);
    return owner ? pathOf(owner, []) : [];
  };
  const found = named.map(({ from, to }): FoundReference => {
    const inputPath = pathOf(from, to.path.startsWith(IMPLIED) ? [] : ['spec', ...to.path.split('.')]);
    return { from, to, path: to.path, inputPath, target: targetAt(world, from, to, inputPath) };
  });
  const edges = [...found, ...(await findOffers(world, found))];
  await refuseNarrowedOffers(world);
  const stored = await readStoredReferences(world, referrers);
  markNewReferences(referrers, edges, stored);
  world.newReferences.push(...edges.map(({ from, path, target }) => ({ fromId: from.id, path, toId: target.id })));
  assignLeaseKeys(referrers, found);
  await refuseCycles(world, edges, stored);
}

/** What stands before the name of a reference that no field of the spec states. */
const IMPLIED = '~';

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
  const [how, where] = to.path.startsWith(IMPLIED) ? ['needs', ''] : ['refers to', ` at ${to.path}`];
  if (!target) {
    const own = from.projectId === null ? null : world.get(from.projectId)?.name;
    if (to.project !== null && to.project !== own) throw notOffered(world, from, to, path);
    throw new NotFoundError(`There is no ${title}, which ${from.kind.name} ${from.name} ${how}${where}.`, { path });
  }
  if (target.isDeleting) {
    throw new ConflictError(
      `${title} is being deleted, so ${from.kind.name} ${from.name} cannot refer to it${where}.`,
      { path },
    );
  }
  return target;
}

/** Of what was expanded anew and states the same, the references may be others all the same. */
function markNewReferences(
  referrers: readonly Draft[],
  edges: readonly FoundReference[],
  stored: readonly StoredReference[],
): void {
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  const add = (to: Map<string, string[]>, id: string, text: string) => to.set(id, [...(to.get(id) ?? []), text]);
  for (const { fromId, path, toId } of stored) add(before, fromId, `${path} ${toId}`);
  for (const { from, path, target } of edges) add(after, from.id, `${path} ${target.id}`);
  const textOf = (map: ReadonlyMap<string, string[]>, id: string) => (map.get(id) ?? []).sort().join('\n');
  for (const draft of referrers) draft.hasNewReferences = textOf(before, draft.id) !== textOf(after, draft.id);
}

/** What a lease is reached through may be as new as the resource, over several steps. */
function assignLeaseKeys(referrers: readonly Draft[], found: readonly FoundReference[]): void {
  const targets = new Map(found.map(({ from, path, target }) => [`${from.id} ${path}`, target]));
  const changed = new Set(referrers);
  const keyOf = (draft: Draft, steps: number): string | null => {
    if (steps === 0) return null;
    return leaseKeyOf(draft.kind, draft.id, (path) => {
      const target = targets.get(`${draft.id} ${path}`);
      if (!target) return null;
      return changed.has(target) ? keyOf(target, steps - 1) : target.leaseKey;
    });
  };
  for (const draft of referrers) draft.leaseKey = keyOf(draft, MAX_STEPS);
}

/** Kinds whose lease is reached through each other, without an end, are a defect of their author. */
const MAX_STEPS = 8;
