import { waves } from '../../model/order.js';
import type { Draft } from './draft.js';
import type { World } from './world.js';

/**
 * The wave of each draft that changes, from 1, by its id. What is made or changed comes after what it refers to, what owns
 * it and where it is; what goes, after all that depends on it and goes too, or lets go of it. Throws BadInputError for a circle.
 */
export function planWaves(world: World, changed: readonly Draft[]): ReadonlyMap<string, number> {
  const going = new Set(changed.filter((draft) => draft.isDeleting).map((draft) => draft.id));
  const after = new Map(
    changed.map((draft) => [draft.id, placesOf(draft).filter((id) => !going.has(draft.id) && !going.has(id))]),
  );
  for (const { fromId, toId } of world.newReferences) if (!going.has(fromId)) after.get(fromId)?.push(toId);
  for (const { targetId, id } of world.dependents) if (going.has(targetId)) after.get(targetId)?.push(id);
  const result = new Map<string, number>();
  const nodes = [...after].map(([id, ids]) => ({ id, after: ids.filter((other) => other !== id) }));
  waves(nodes).forEach((wave, index) => {
    for (const id of wave) result.set(id, index + 1);
  });
  return result;
}

function placesOf({ ownerId, environmentId, projectId }: Draft): string[] {
  return [ownerId, environmentId, projectId].flatMap((id) => id ?? []);
}
