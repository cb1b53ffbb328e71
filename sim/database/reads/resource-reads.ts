import type { ResourceAddress, ResourceOrder } from '../../../db/read/filters.js';
import type { ReadModels } from '../../../db/read/read-models.js';
import { resourceOrders } from '../../../db/read/resource-orders.js';
import { BadInputError } from '../../../lib/errors.js';
import type { KindRegistry } from '../../../lib/kind.js';
import { planeScopeId } from '../../../model/resource.js';
import type { SimulatedConnection } from '../connection.js';
import type { ResourceRow } from '../rows.js';
import type { Run } from '../run.js';
import { keyOf } from '../schema.js';
import { type Direction, mapPage, pageAfter, timeKey } from './page-after.js';
import { environmentsNamed, projectNamed } from './places.js';
import { countByHealth, healthShown, resourceRead } from './resource-read.js';
import { resourcesWhere } from './resource-where.js';

type ResourceReads = Pick<
  ReadModels,
  'findResource' | 'resourcesByIds' | 'listResources' | 'countResources' | 'countResourcesByHealth'
>;

export function createResourceReads(database: SimulatedConnection, registry: KindRegistry): ResourceReads {
  return {
    async findResource(address, columns) {
      checkAddress(address, registry);
      return database.read('read.find-resource', (run) => {
        const places = scopesOf(run, address, registry).map((scope) => keyOf(address.kind, scope, address.name));
        const [row] = run.rows(run.tables.resource.byPlace, places);
        return row ? resourceRead(run, row, columns, registry) : null;
      });
    },

    resourcesByIds: (ids, columns) =>
      database.read('read.resources-by-ids', (run) =>
        run
          .rows(run.tables.resource.primary, ids)
          .filter(({ kind }) => registry.find(kind) !== undefined)
          .map((row) => resourceRead(run, row, columns, registry)),
      ),

    listResources: (filter, { first, after, order }, columns) =>
      database.read('read.list-resources', (run) => {
        const keyed = resourcesWhere(run, filter, registry).map((row) => ({ keys: keysOf(row, order), row }));
        const { cursor } = resourceOrders[order];
        const page = pageAfter(keyed, cursor, directionOf(order), { first, after });
        return mapPage(page, (row) => resourceRead(run, row, columns, registry));
      }),

    countResources: (filter) =>
      database.read('read.count-resources', (run) => resourcesWhere(run, filter, registry).length),

    countResourcesByHealth: (filter) =>
      database.read('read.count-resources-by-health', (run) =>
        countByHealth(resourcesWhere(run, filter, registry).map((row) => healthShown(run, row))),
      ),
  };
}

const directionOf = (order: ResourceOrder): Direction => (order === 'NAME' ? 'ascending' : 'descending');

function keysOf(row: ResourceRow, order: ResourceOrder): readonly string[] {
  switch (order) {
    case 'NAME':
      return [row.name, row.id];
    case 'CREATED_DESC':
      return [timeKey(row.createdAt), row.id];
    case 'UPDATED_DESC':
      return [timeKey(row.updatedAt), row.id];
  }
}

function checkAddress({ kind, environment, ownerId }: ResourceAddress, registry: KindRegistry): void {
  const scope = registry.find(kind)?.scope;
  const isIncomplete =
    (scope === 'environment' && environment === undefined) || (scope === 'owner' && ownerId === undefined);
  if (!isIncomplete) return;
  const what = scope === 'owner' ? 'ownerId' : 'environment';
  throw new BadInputError(`A name of ${kind} is unique within its ${what} only: say which.`, { path: [what] });
}

function scopesOf(run: Run, address: ResourceAddress, registry: KindRegistry): readonly string[] {
  const { kind, project = 'default', environment = '', ownerId = '' } = address;
  switch (registry.find(kind)?.scope ?? 'plane') {
    case 'plane':
      return [planeScopeId];
    case 'project': {
      const id = projectNamed(run, project);
      return id === null ? [] : [id];
    }
    case 'environment':
      return environmentsNamed(run, environment, project);
    case 'owner':
      return [ownerId];
  }
}
