import { waves } from '../../model/order.js';
import type { Draft } from './draft.js';
import type { World } from './world.js';

/**
 * The wave of each draft that changes, from 1, by its id. What is made or changed comes after what it refers to, what it
 * owns and where it is, for it is ready when these are; what goes, after all that depends on it and goes too, or lets go of it.
 */
export function planWaves(world: World, changed: readonly Draft[]): ReadonlyMap<string, number> {
  const going = new Set(changed.filter((draft) => draft.isDeleting).map((draft) => draft.id));
  const after = new Map<string, string[]>(changed.map((draft) => [draft.id, []]));
  const order = (id: string, first: string | null) => {
    if (first !== null && first !== id) after.get(id)?.push(first);
  };
  for (const { id, ownerId, environmentId, projectId } of changed) {
    if (going.has(id)) continue;
    order(id, environmentId);
    order(id, projectId);
    if (ownerId !== null && !going.has(ownerId)) order(ownerId, id);
  }
  for (const { fromId, toId } of world.newReferences) if (!going.has(fromId)) order(fromId, toId);
  const families = familiesOf(changed.filter(({ id }) => going.has(id)));
  for (const { targetId, id } of world.dependents) {
    if (!going.has(targetId)) continue;
    order(targetId, id);
    // What it owns serves them too.
    const family = families.get(targetId) ?? new Set();
    if (!family.has(id)) for (const member of family) order(member, id);
  }
  const result = new Map<string, number>();
  waves([...after].map(([id, ids]) => ({ id, after: ids }))).forEach((wave, index) => {
    for (const id of wave) result.set(id, index + 1);
  });
  return result;
}

/** All that each owns, by its id: directly, and through others that it owns. */
function familiesOf(drafts: readonly Draft[]): ReadonlyMap<string, ReadonlySet<string>> {
  const owners = new Map(drafts.map(({ id, ownerId }) => [id, ownerId]));
  const families = new Map<string, Set<string>>();
  for (const { id } of drafts) {
    for (let owner = owners.get(id) ?? null; owner !== null; owner = owners.get(owner) ?? null) {
      families.set(owner, (families.get(owner) ?? new Set<string>()).add(id));
    }
  }
  return families;
}
