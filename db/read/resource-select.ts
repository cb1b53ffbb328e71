import type { KindRegistry } from '../../lib/kind.js';
import { upgradeSpec } from '../../model/upgrade.js';
import type { ResourceColumn, ResourceColumns, ResourceRow } from './resource-row.js';

/** `resource_health` over the aliases that all reads use: r for resource, s for its status. */
export const HEALTH =
  'resource_health(r.generation, r.deletion_requested_at, s.observed_generation, s.health, s.is_stale)';

interface ResourceSelect {
  readonly list: string;
  readonly needsStatus: boolean;
}

/** What a resource read selects, and whether that takes its status. */
export function resourceSelect(columns: ResourceColumns): ResourceSelect {
  const known = selects.get(columns) ?? selectOf(columns);
  selects.set(columns, known);
  return known;
}

/** A document that is asked again has the same columns, as one object. */
const selects = new WeakMap<ResourceColumns, ResourceSelect>();

function selectOf(columns: ResourceColumns): ResourceSelect {
  const asked = new Set<ResourceColumn>(columns);
  // To be read as it is today, a spec must say how old it is.
  if (asked.has('spec')) asked.add('specVersion');
  const list = ['r.id', 'r.kind', ...[...asked].sort().map((column) => `${expressions[column]} as "${column}"`)];
  const needsStatus = [...asked].some((column) => expressions[column].includes('s.'));
  return { list: list.join(', '), needsStatus };
}

const expressions: Readonly<Record<ResourceColumn, string>> = {
  name: 'r.name',
  projectId: 'r.project_id',
  environmentId: 'r.environment_id',
  ownerId: 'r.owner_id',
  generation: 'r.generation',
  version: 'r.version',
  specVersion: 'r.spec_version',
  labels: 'r.labels',
  spec: 'r.spec',
  managers: 'r.managers',
  leaseKey: 'r.lease_key',
  createdAt: 'r.created_at',
  updatedAt: 'r.updated_at',
  deletionRequestedAt: 'r.deletion_requested_at',
  isDeletionForced: 'r.deletion_forced',
  isOnDemand: 'r.on_demand',
  observedGeneration: 'coalesce(s.observed_generation, 0)',
  statusVersion: 'coalesce(s.version, 0)',
  health: HEALTH,
  conditions: `coalesce(s.conditions, '[]')`,
  outputs: `coalesce(s.outputs, '{}')`,
  observed: `coalesce(s.observed, '{}')`,
};

/** The row with its spec of the kind's current version. */
export function upgraded<Row extends ResourceRow>(row: Row, registry: KindRegistry): Row {
  if (row.spec === undefined || row.specVersion === undefined) return row;
  const kind = registry.find(row.kind);
  if (!kind || kind.specVersion === row.specVersion) return row;
  return { ...row, spec: upgradeSpec(kind, row.specVersion, row.spec), specVersion: kind.specVersion };
}
