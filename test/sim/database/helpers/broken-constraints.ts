import type { SimulatedDatabase } from '../../../../sim/database/simulated-database.js';

/** What Postgres would not have let happen: names that are there twice, and references that lead nowhere. */
export function brokenConstraints(world: SimulatedDatabase): readonly string[] {
  const resources = world.rows('resource');
  const ids = new Set(resources.map(({ id }) => id));
  const missing = (table: string, id: string | null) => (id === null || ids.has(id) ? [] : [`${table} leads to ${id}`]);
  return [
    ...twice(resources.map(({ id }) => `resource ${id}`)),
    ...twice(resources.map(({ kind, scopeId, name }) => `${kind} ${scopeId} ${name}`)),
    ...twice(world.rows('object').map((row) => `${row.runtimeId} ${row.kind} ${row.namespace} ${row.name}`)),
    ...twice(world.rows('release').map(({ appId, number }) => `release ${appId} ${number}`)),
    ...twice(world.rows('revision').map(({ seq, ordinal }) => `revision ${seq} ${ordinal}`)),
    ...resources.flatMap((row) =>
      [row.projectId, row.environmentId, row.ownerId].flatMap((id) => missing('resource', id)),
    ),
    ...world.rows('reference').flatMap(({ fromId, toId }) => [fromId, toId].flatMap((id) => missing('reference', id))),
    ...world.rows('object').flatMap((row) => [row.resourceId, row.runtimeId].flatMap((id) => missing('object', id))),
    ...world.rows('resourceStatus').flatMap(({ resourceId }) => missing('status', resourceId)),
    ...world.rows('attempt').flatMap(({ resourceId }) => missing('attempt', resourceId)),
    ...world.rows('intent').flatMap(({ resourceId }) => missing('intent', resourceId)),
    ...world.rows('secretValue').flatMap(({ resourceId }) => missing('secret', resourceId)),
  ];
}

function twice(keys: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return keys.filter((key) => seen.has(key) || !seen.add(key)).map((key) => `twice: ${key}`);
}
