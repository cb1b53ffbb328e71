import type { KindRegistry } from '../../lib/kind.js';
import { planeScopeId } from '../../model/resource.js';
import type { ResourceFilter } from './filters.js';
import { HEALTH } from './resource-select.js';
import { presentSource, type ResourceSource } from './resource-source.js';
import type { Parameters } from './sql.js';

/** The condition of a filter, over r and s. `needsStatus` when it looks at health. */
export function resourceWhere(
  filter: ResourceFilter,
  registry: KindRegistry,
  parameters: Parameters,
  source: ResourceSource,
): { readonly text: string; readonly needsStatus: boolean } {
  const conditions = [filter.kinds ? kindIs(filter.kinds, parameters) : kindIsKnown(registry)];
  if (filter.ids) conditions.push(`r.id = any(${parameters.add(filter.ids)}::uuid[])`);
  if (filter.names) conditions.push(`r.name = any(${parameters.add(filter.names)}::text[])`);
  if (filter.nameContains !== undefined) {
    conditions.push(`position(${parameters.add(filter.nameContains)} in r.name) > 0`);
  }
  if (filter.project !== undefined) {
    conditions.push(`r.project_id = ${projectNamed(filter.project, parameters, source)}`);
  }
  if (filter.environment !== undefined) {
    conditions.push(environmentNamed('r.environment_id', filter.environment, filter.project, parameters, source));
  }
  if (filter.ownerId !== undefined) conditions.push(`r.owner_id = ${parameters.add(filter.ownerId)}::uuid`);
  if (filter.labels) conditions.push(`r.labels @> ${parameters.add(JSON.stringify(filter.labels))}::jsonb`);
  if (filter.spec) conditions.push(`r.spec @> ${parameters.add(JSON.stringify(filter.spec))}::jsonb`);
  if (filter.isDeleting !== undefined) {
    conditions.push(`r.deletion_requested_at is ${filter.isDeleting ? 'not null' : 'null'}`);
  }
  if (filter.health) conditions.push(`${HEALTH} = any(${parameters.add(filter.health)}::text[])`);
  return { text: conditions.join(' and '), needsStatus: filter.health !== undefined };
}

/** Kinds that the registry does not have are as if they were not there. Written out: an array of names is much to send each time. */
export function kindIsKnown({ kinds }: KindRegistry): string {
  return `r.kind in (${kinds.map(({ name }) => `'${name.replaceAll("'", "''")}'`).join(', ')})`;
}

/** Of one kind a page is read in the order of an index, whatever the number of others. */
function kindIs(kinds: readonly string[], parameters: Parameters): string {
  const [only, another] = kinds;
  if (only !== undefined && another === undefined) return `r.kind = ${parameters.add(only)}`;
  return `r.kind = any(${parameters.add(kinds)}::text[])`;
}

/** The id of a project, as a scalar; no row when there is none of that name. */
export function projectNamed(name: string, parameters: Parameters, source: ResourceSource = presentSource): string {
  return `(select p.id from ${source.resource('p', parameters)}
    where p.kind = 'Project' and p.scope_id = '${planeScopeId}' and p.name = ${parameters.add(name)})`;
}

/** Ids of a resource, of all that it owns, and of all that they own. */
export function treeOf(id: string): string {
  return `with recursive tree (id) as (
    select ${id} union select r.id from resource r join tree on r.owner_id = tree.id) select tree.id from tree`;
}

/** Without a project: the environments of that name of all projects. */
export function environmentNamed(
  column: string,
  environment: string,
  project: string | undefined,
  parameters: Parameters,
  source: ResourceSource = presentSource,
): string {
  const inProject = project === undefined ? '' : ` and e.scope_id = ${projectNamed(project, parameters, source)}`;
  const name = parameters.add(environment);
  return `${column} in (select e.id from ${source.resource('e', parameters)}
    where e.kind = 'Environment' and e.name = ${name}${inProject})`;
}
