import type { JsonObject } from '../../lib/canonical.js';
import type { Actor, RevisionOp } from '../contract.js';
import { matchView } from './match-view.js';
import type { NewRevision } from './revisions.js';
import type { ResourceRow } from './rows.js';

/** The entry for something beside desired state, which stays as it is. A new status is put in by who writes it. */
export function sideRevision(
  row: ResourceRow,
  op: Extract<RevisionOp, 'objects' | 'event' | 'status' | 'removed'>,
  document: JsonObject | null,
  actor: Actor,
): NewRevision {
  const view = matchView(row);
  const { spec: _, ...before } = view;
  return {
    changesetId: null,
    resourceId: row.id,
    kind: row.kind,
    projectId: row.projectId,
    environmentId: row.environmentId,
    ownerId: row.ownerId,
    name: row.name,
    leaseKey: row.leaseKey,
    op,
    generation: row.generation,
    version: row.version,
    statusVersion: row.statusVersion,
    actor: actor.name,
    manager: null,
    before: op === 'removed' ? view : before,
    after: op === 'removed' ? null : view,
    document,
  };
}
