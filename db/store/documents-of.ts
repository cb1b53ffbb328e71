import type { Draft } from './draft.js';
import type { NewRevision } from './revisions.js';
import type { NewReference, World } from './world.js';

/**
 * What the log keeps of each draft. It has all that the tables will say where the references are at hand, which are those
 * of what was stated anew. More than one of them stand in an order that the database knows best.
 */
export function documentsOf(world: World): (draft: Draft) => Pick<NewRevision, 'document' | 'isDocumented'> {
  const references = new Map<string, NewReference[]>();
  for (const reference of world.newReferences) {
    const those = references.get(reference.fromId);
    if (those) those.push(reference);
    else references.set(reference.fromId, [reference]);
  }
  return (draft) => {
    if (draft.isRemoved) return { document: null };
    const { spec, labels, managers, isOnDemand, isKept } = draft;
    const stated = { spec, labels, managers, ...(draft.isForced ? { isDeletionForced: true } : {}) };
    const own = references.get(draft.id) ?? [];
    if (!draft.isRestated || draft.isDeleting || own.length > 1) return { document: stated };
    const beside = {
      specVersion: draft.kind.specVersion,
      references: own.map(({ path, toId }) => ({ path, toId })),
      ...(isOnDemand ? { isOnDemand, isKept } : {}),
    };
    return { document: { ...stated, ...beside }, isDocumented: true };
  };
}
