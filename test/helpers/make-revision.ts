import type { NewRevision } from '../../db/store/revisions.js';

/** An entry of the log about `resourceId`; what is not given is the least that is valid. */
export function makeRevision(given: Partial<NewRevision> & Pick<NewRevision, 'resourceId'>): NewRevision {
  return {
    changesetId: null,
    kind: 'Tier',
    projectId: null,
    environmentId: null,
    ownerId: null,
    name: 'any',
    leaseKey: null,
    op: 'updated',
    generation: 1,
    version: 1,
    statusVersion: null,
    actor: 'test',
    manager: null,
    before: null,
    after: null,
    document: null,
    ...given,
  };
}
