import { isJsonObject } from '../../lib/canonical.js';
import type { ResourceRowFragment } from '../../sdk/generated/operations.js';
import { withoutSecrets } from '../output/output-text.js';

/** A resource as `-o json` and `-o yaml` print it, and as the paths of printed columns see it. */
export function resourceJson(row: ResourceRowFragment) {
  const { status } = row;
  return {
    kind: row.kind,
    name: row.name,
    ...(row.project ? { project: row.project.name } : {}),
    ...(row.environment ? { environment: row.environment.name } : {}),
    ...(isJsonObject(row.labels) && Object.keys(row.labels).length > 0 ? { labels: row.labels } : {}),
    spec: row.document,
    id: row.id,
    ...(row.owner ? { owner: `${row.owner.kind}/${row.owner.name}`, ownerId: row.ownerId } : {}),
    generation: row.generation,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    ...(row.deletionRequestedAt === null ? {} : { deletionRequestedAt: row.deletionRequestedAt }),
    health: status.health,
    isSettled: status.isSettled,
    message: status.message,
    conditions: status.conditions,
    outputs: Object.fromEntries(
      status.outputs.filter(({ isVanished }) => !isVanished).map(({ name, value }) => [name, withoutSecrets(value)]),
    ),
    observed: status.observed,
  };
}

/** The value at a dotted path as one line of text; empty when it is not there. */
export function textAt(value: unknown, path: string): string {
  const found = path.split('.').reduce<unknown>((part, key) => (isJsonObject(part) ? part[key] : undefined), value);
  if (found === undefined || found === null) return '';
  return typeof found === 'object' ? JSON.stringify(found) : String(found);
}
