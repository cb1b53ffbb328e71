import type { Draft } from './draft.js';
import type { World } from './world.js';

/** A draft as its row will be. */
export function writtenRow(world: World, draft: Draft) {
  return {
    id: draft.id,
    kind: draft.kind.name,
    projectId: draft.projectId,
    environmentId: draft.environmentId,
    ownerId: draft.ownerId,
    scopeId: draft.scopeId,
    name: draft.name,
    generation: draft.generation,
    version: draft.version,
    specVersion: draft.kind.specVersion,
    labels: draft.labels,
    spec: draft.spec,
    managers: draft.managers,
    yielded: draft.yielded,
    setIn: draft.setIn(world.changesetId),
    leaseKey: draft.leaseKey,
    isDeleting: draft.isDeleting,
    isForced: draft.isForced,
    isOnDemand: draft.isOnDemand,
    isKept: draft.isKept,
  };
}
