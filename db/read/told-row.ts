import type { KindRegistry } from '../../lib/kind.js';
import type { Revision } from '../contract.js';
import type { ResourceColumn, ResourceColumns, ResourceRow } from './resource-row.js';
import { upgraded } from './resource-select.js';

/**
 * Whether an entry of the log has all of these as the tables had them after it. Only what cannot change without the
 * version: of two entries of one version nobody can tell which one is newer.
 */
export function isTold(columns: ResourceColumns): boolean {
  const known = answers.get(columns) ?? [...columns].every((column) => toldColumns.has(column));
  answers.set(columns, known);
  return known;
}

const answers = new WeakMap<ResourceColumns, boolean>();

const toldColumns: ReadonlySet<ResourceColumn> = new Set<ResourceColumn>([
  'name',
  'projectId',
  'environmentId',
  'ownerId',
  'generation',
  'version',
  'labels',
  'spec',
]);

/** The resource as this entry of its desired state tells it. null: not in full. */
export function toldRow(revision: Revision, registry: KindRegistry): ResourceRow | null {
  const { kind, name, projectId, environmentId, ownerId, generation, version } = revision;
  const told = revision.document as Pick<ResourceRow, 'spec' | 'labels' | 'specVersion'> | null;
  if (!told?.spec || !told.labels || told.specVersion === undefined || !registry.find(kind)) return null;
  const { spec, labels, specVersion } = told;
  const place = { name, projectId, environmentId, ownerId };
  return upgraded(
    { id: revision.resourceId, kind, ...place, generation, version, labels, spec, specVersion },
    registry,
  );
}
