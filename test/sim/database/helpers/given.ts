import type { ResourceRow } from '../../../../sim/database/rows.js';
import type { SimulatedDatabase } from '../../../../sim/database/simulated-database.js';

/** What statements of the store are given, made from what was stored on both sides when the script began. */
export interface Given {
  id(kind: string, name: string): string;
  row(kind: string, name: string): ResourceRow;
  /** For write.update-resources. */
  update(kind: string, name: string, changes: Partial<ResourceRow>): string;
  /** For write.insert-resources. The last digits of its id are given. */
  insert(kind: string, name: string, digits: string, changes?: Partial<ResourceRow>): string;
  /** For revisions.append. */
  revision(kind: string, name: string): string;
}

export const idOf = (digits: string) => `00000000-0000-4000-8000-${digits.padStart(12, '0')}`;

export function createGiven(world: SimulatedDatabase): Given {
  const rows = world.rows('resource');
  const row = (kind: string, name: string) => {
    const found = rows.find((one) => one.kind === kind && one.name === name);
    if (!found) throw new Error(`There is no ${kind} ${name}.`);
    return found;
  };
  const written = ({ deletionRequestedAt, deletionForced, onDemand, onDemandKeep, ...rest }: ResourceRow) => ({
    ...rest,
    isDeleting: deletionRequestedAt !== null,
    isForced: deletionForced,
    isOnDemand: onDemand,
    isKept: onDemandKeep,
  });
  return {
    row,
    id: (kind, name) => row(kind, name).id,
    update(kind, name, changes) {
      const before = row(kind, name);
      return JSON.stringify([written({ ...before, version: before.version + 1, ...changes })]);
    },
    insert(kind, name, digits, changes = {}) {
      const like = row('Tier', 'tier-0');
      const made = {
        ...like,
        id: idOf(digits),
        kind,
        name,
        generation: 1,
        version: 1,
        labels: {},
        spec: {},
        ...changes,
      };
      return JSON.stringify([written(made)]);
    },
    revision(kind, name) {
      const { id, projectId, environmentId, ownerId, leaseKey, generation, version } = row(kind, name);
      const place = { resourceId: id, kind, name, projectId, environmentId, ownerId, leaseKey };
      const what = { changesetId: null, op: 'status', generation, version, statusVersion: 1, actor: 'test' };
      return JSON.stringify([
        { ...place, ...what, manager: null, before: null, after: null, document: {}, ordinal: 0 },
      ]);
    },
  };
}
