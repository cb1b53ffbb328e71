import { BadInputError } from '../../lib/errors.js';
import type { KindRegistry } from '../../lib/kind.js';
import { planeScopeId } from '../../model/resource.js';
import type { Queryable } from '../database.js';
import { decodeCursor } from './cursor.js';
import type { ResourceAddress, ResourceFilter } from './filters.js';
import { pageOf, rowsFor } from './page.js';
import type { HealthCount, ReadModels } from './read-models.js';
import { resourceCursor, resourceOrders } from './resource-orders.js';
import type { ResourceRow } from './resource-row.js';
import { HEALTH, resourceSelect, upgraded } from './resource-select.js';
import { presentSource, type ResourceSource } from './resource-source.js';
import { environmentNamed, kindIsKnown, projectNamed, resourceWhere } from './resource-where.js';
import { composed, createParameters, type Parameters } from './sql.js';

type ResourceReads = Pick<
  ReadModels,
  'findResource' | 'resourcesByIds' | 'listResources' | 'countResources' | 'countResourcesByHealth'
>;

type SortedRow = ResourceRow & { readonly sortKey: string };

export function createResourceReads(
  database: Queryable,
  registry: KindRegistry,
  source: ResourceSource = presentSource,
): ResourceReads {
  const isKnown = kindIsKnown(registry);
  const fromOf = (needsStatus: boolean, parameters: Parameters) =>
    needsStatus ? source.withStatus(parameters) : source.resource('r', parameters);
  return {
    async findResource(address, columns) {
      const parameters = createParameters();
      const { list, needsStatus } = resourceSelect(columns);
      const from = fromOf(needsStatus, parameters);
      const kind = parameters.add(address.kind);
      const name = parameters.add(address.name);
      const scope = scopeCondition(address, registry, parameters, source);
      const text = `select ${list} from ${from} where r.kind = ${kind} and r.name = ${name} and ${scope}`;
      const [row] = await database.query(composed<ResourceRow>(text), parameters.values);
      return row ? upgraded(row, registry) : null;
    },

    async resourcesByIds(ids, columns) {
      const parameters = createParameters();
      const { list, needsStatus } = resourceSelect(columns);
      const text = `select ${list} from ${fromOf(needsStatus, parameters)}
        where ${idIs(ids, parameters)} and ${isKnown}`;
      const rows = await database.query(composed<ResourceRow>(text), parameters.values);
      return rows.map((row) => upgraded(row, registry));
    },

    async listResources(filter, page, columns) {
      const { first, after, order: name } = page;
      const order = resourceOrders[name];
      const keys = decodeCursor(order.cursor, after);
      const parameters = createParameters();
      const { list, needsStatus } = resourceSelect(columns);
      const where = resourceWhere(filter, registry, parameters, source);
      const from = fromOf(needsStatus || where.needsStatus, parameters);
      const beyond = keys ? ` and ${order.after(keys, parameters)}` : '';
      const text = `select ${list}, ${order.key} as "sortKey" from ${from}
        where ${where.text}${beyond} order by ${order.by} limit ${parameters.add(rowsFor(page))}`;
      const rows = await database.query(composed<SortedRow>(text), parameters.values);
      return pageOf(
        rows.map((row) => upgraded(row, registry)),
        first,
        (row) => resourceCursor(order, row as SortedRow),
      );
    },

    async countResources(filter) {
      const parameters = createParameters();
      const where = resourceWhere(filter, registry, parameters, source);
      const text = `select count(*)::int as count from ${fromOf(where.needsStatus, parameters)} where ${where.text}`;
      const [row] = await database.query(composed<{ count: number }>(text), parameters.values);
      return row?.count ?? 0;
    },

    countResourcesByHealth(filter: ResourceFilter) {
      const parameters = createParameters();
      const where = resourceWhere(filter, registry, parameters, source);
      const text = `select ${HEALTH} as health, count(*)::int as count from ${source.withStatus(parameters)}
        where ${where.text} group by 1 order by 1`;
      return database.query(composed<HealthCount>(text), parameters.values);
    },
  };
}

/** One id is the most frequent question of all. */
function idIs(ids: readonly string[], parameters: Parameters): string {
  const [only, another] = ids;
  if (only !== undefined && another === undefined) return `r.id = ${parameters.add(only)}::uuid`;
  return `r.id = any(${parameters.add(ids)}::uuid[])`;
}

function scopeCondition(
  address: ResourceAddress,
  registry: KindRegistry,
  parameters: Parameters,
  source: ResourceSource,
): string {
  const { kind, project = 'default', environment, ownerId } = address;
  switch (registry.find(kind)?.scope ?? 'plane') {
    case 'plane':
      return `r.scope_id = '${planeScopeId}'`;
    case 'project':
      return `r.scope_id = ${projectNamed(project, parameters, source)}`;
    case 'environment':
      if (environment === undefined) throw incomplete(kind, 'environment');
      return environmentNamed('r.scope_id', environment, project, parameters, source);
    case 'owner':
      if (ownerId === undefined) throw incomplete(kind, 'ownerId');
      return `r.scope_id = ${parameters.add(ownerId)}::uuid`;
  }
}

function incomplete(kind: string, what: string): BadInputError {
  return new BadInputError(`A name of ${kind} is unique within its ${what} only: say which.`, { path: [what] });
}
