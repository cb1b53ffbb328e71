import type { ResourceFilter } from '../../../db/read/filters.js';
import { isJsonObject, isSameJson, type Json } from '../../../lib/canonical.js';
import type { KindRegistry } from '../../../lib/kind.js';
import type { ResourceRow } from '../rows.js';
import type { Run } from '../run.js';
import { environmentsNamed, placed, projectNamed } from './places.js';
import { healthShown } from './resource-read.js';

/** Those that a filter matches, in no order. */
export function resourcesWhere(run: Run, filter: ResourceFilter, registry: KindRegistry): readonly ResourceRow[] {
  const kinds = new Set(filter.kinds ?? registry.kinds.map(({ name }) => name));
  const isPlaced = placed(run, filter);
  return candidates(run, filter, [...kinds]).filter(
    (row) =>
      kinds.has(row.kind) &&
      (!filter.ids || filter.ids.includes(row.id)) &&
      (!filter.names || filter.names.includes(row.name)) &&
      (filter.nameContains === undefined || row.name.includes(filter.nameContains)) &&
      isPlaced(row) &&
      (filter.ownerId === undefined || row.ownerId === filter.ownerId) &&
      (!filter.labels || contains(row.labels, filter.labels)) &&
      (!filter.spec || contains(row.spec, filter.spec)) &&
      (filter.isDeleting === undefined || filter.isDeleting === (row.deletionRequestedAt !== null)) &&
      (!filter.health || filter.health.includes(healthShown(run, row))),
  );
}

/** By the index that leaves the fewest. */
function candidates(run: Run, filter: ResourceFilter, kinds: readonly string[]): ResourceRow[] {
  const { resource } = run.tables;
  if (filter.ids) return run.rows(resource.primary, filter.ids);
  if (filter.ownerId !== undefined) return run.rows(resource.byOwner, [filter.ownerId]);
  if (filter.environment !== undefined) {
    return run.rows(resource.byEnvironment, environmentsNamed(run, filter.environment, filter.project));
  }
  if (filter.kinds) return run.rows(resource.byKind, kinds);
  const project = filter.project === undefined ? undefined : projectNamed(run, filter.project);
  if (project !== undefined) return project === null ? [] : run.rows(resource.byProject, [project]);
  return run.rows(resource.byKind, kinds);
}

/** `@>` of jsonb: objects and arrays of objects may have more than is asked. */
function contains(value: Json, asked: Json): boolean {
  if (isJsonObject(asked)) {
    return (
      isJsonObject(value) &&
      Object.entries(asked).every(([key, item]) => Object.hasOwn(value, key) && contains(value[key] ?? null, item))
    );
  }
  if (Array.isArray(asked)) {
    return Array.isArray(value) && asked.every((item) => value.some((other) => contains(other, item)));
  }
  return isSameJson(value, asked);
}
