import type { HealthCount } from '../../../db/read/read-models.js';
import type { ResourceRow as ReadRow, ResourceColumn, ResourceColumns } from '../../../db/read/resource-row.js';
import { upgraded } from '../../../db/read/resource-select.js';
import type { Health } from '../../../lib/health.js';
import type { KindRegistry } from '../../../lib/kind.js';
import { healthOf } from '../../../model/settled.js';
import type { ResourceRow, ResourceStatusRow } from '../rows.js';
import type { Run } from '../run.js';
import { iso, isoOrNull } from '../values.js';

const columnsOf: Readonly<Record<ResourceColumn, (row: ResourceRow, status: ResourceStatusRow | null) => unknown>> = {
  name: (row) => row.name,
  projectId: (row) => row.projectId,
  environmentId: (row) => row.environmentId,
  ownerId: (row) => row.ownerId,
  generation: (row) => row.generation,
  version: (row) => row.version,
  specVersion: (row) => row.specVersion,
  labels: (row) => row.labels,
  spec: (row) => row.spec,
  managers: (row) => row.managers,
  leaseKey: (row) => row.leaseKey,
  createdAt: (row) => iso(row.createdAt),
  updatedAt: (row) => iso(row.updatedAt),
  deletionRequestedAt: (row) => isoOrNull(row.deletionRequestedAt),
  isDeletionForced: (row) => row.deletionForced,
  isOnDemand: (row) => row.onDemand,
  observedGeneration: (_, status) => status?.observedGeneration ?? 0,
  statusVersion: (_, status) => status?.version ?? 0,
  health: (row, status) => shown(row, status),
  conditions: (_, status) => status?.conditions ?? [],
  outputs: (_, status) => status?.outputs ?? {},
  observed: (_, status) => status?.observed ?? {},
};

/** A resource as far as it is asked for, its spec in the form of today. */
export function resourceRead(run: Run, row: ResourceRow, columns: ResourceColumns, registry: KindRegistry): ReadRow {
  const status = run.one(run.tables.resourceStatus.primary, row.id);
  const asked = new Set<ResourceColumn>(columns);
  if (asked.has('spec')) asked.add('specVersion');
  const values = [...asked].map((column) => [column, columnsOf[column](row, status)]);
  return upgraded<ReadRow>({ id: row.id, kind: row.kind, ...Object.fromEntries(values) }, registry);
}

export function healthShown(run: Run, row: ResourceRow): Health {
  return shown(row, run.one(run.tables.resourceStatus.primary, row.id));
}

export function countByHealth(healths: readonly Health[]): readonly HealthCount[] {
  const counts = new Map<Health, number>();
  for (const health of healths) counts.set(health, (counts.get(health) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([health, count]) => ({ health, count }));
}

function shown({ generation, deletionRequestedAt }: ResourceRow, status: ResourceStatusRow | null): Health {
  return healthOf({ generation, isDeleting: deletionRequestedAt !== null, status });
}
