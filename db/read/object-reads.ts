import type { Queryable } from '../database.js';
import { statement } from '../statement.js';
import { type CursorType, decodeCursor, encodeCursor } from './cursor.js';
import type { ObjectFilter } from './filters.js';
import { pageOf } from './page.js';
import type { HealthCount, OwnedObjectRow, ReadModels } from './read-models.js';
import { environmentNamed, projectNamed, treeOf } from './resource-where.js';
import { composed, createParameters, groupBy, mapGroups, type Parameters } from './sql.js';

type ObjectReads = Pick<
  ReadModels,
  | 'listObjects'
  | 'countListedObjects'
  | 'countListedObjectsByHealth'
  | 'objects'
  | 'countObjects'
  | 'countObjectsByHealth'
>;

const cursorType: CursorType = { tag: 'o', keys: ['text', 'text', 'text', 'text'] };
const listCursorType: CursorType = { tag: 'ol', keys: ['uuid', 'text', 'text', 'text', 'text'] };

/** In the order of the primary key. */
export function createObjectReads(database: Queryable): ObjectReads {
  return {
    async listObjects(filter, { first, after }) {
      const parameters = createParameters();
      const conditions = where(filter, parameters);
      const keys = decodeCursor(listCursorType, after);
      if (keys) {
        const [id = '', ...names] = keys;
        const places = [`${parameters.add(id)}::uuid`, ...names.map((name) => parameters.add(name))];
        conditions.push(`(o.resource_id, o.api_group, o.kind, o.namespace, o.name) > (${places.join(', ')})`);
      }
      const text = `select ${COLUMNS} from object o where ${conditions.join(' and ') || 'true'}
        order by o.resource_id, o.api_group, o.kind, o.namespace, o.name limit ${parameters.add(first + 1)}`;
      return pageOf(await database.query(composed<OwnedObjectRow>(text), parameters.values), first, listCursorOf);
    },

    async countListedObjects(filter) {
      const parameters = createParameters();
      const text = `select count(*)::int as count from object o where ${where(filter, parameters).join(' and ') || 'true'}`;
      const [row] = await database.query(composed<{ count: number }>(text), parameters.values);
      return row?.count ?? 0;
    },

    countListedObjectsByHealth(filter) {
      const parameters = createParameters();
      const text = `select o.health, count(*)::int as count from object o
        where ${where(filter, parameters).join(' and ') || 'true'} group by 1 order by 1`;
      return database.query(composed<HealthCount>(text), parameters.values);
    },

    async objects(ids, { first, after }) {
      const keys = decodeCursor(cursorType, after);
      const parameters = createParameters();
      const parents = parameters.add(ids);
      const beyond = keys
        ? ` and (o.api_group, o.kind, o.namespace, o.name) > (${keys.map((key) => parameters.add(key)).join(', ')})`
        : '';
      const text = `select x.* from unnest(${parents}::uuid[]) p (id) cross join lateral (
          select ${COLUMNS} from object o where o.resource_id = p.id${beyond}
          order by o.api_group, o.kind, o.namespace, o.name limit ${parameters.add(first + 1)}
        ) x order by x."resourceId", x."group", x.kind, x.namespace, x.name`;
      const rows = await database.query(composed<OwnedObjectRow>(text), parameters.values);
      return mapGroups(
        groupBy(rows, (row) => row.resourceId),
        (group) => pageOf(group, first, cursorOf),
      );
    },

    async countObjects(ids) {
      const rows = await database.query(COUNT, [ids]);
      return new Map(rows.map(({ id, count }) => [id, count]));
    },

    async countObjectsByHealth(ids) {
      return groupBy(await database.query(COUNT_BY_HEALTH, [ids]), (row) => row.id);
    },
  };
}

const COLUMNS = `o.resource_id as "resourceId", o.runtime_id as "runtimeId", o.api_group as "group",
  o.api_version as version, o.kind, o.namespace, o.name, o.state, o.origin, o.uid, o.applied_hash as "appliedHash",
  o.health, o.reason, o.message, o.drift, o.since`;

const COUNT = statement<{ id: string; count: number }>(
  'read.count-objects',
  'select resource_id as id, count(*)::int as count from object where resource_id = any($1::uuid[]) group by resource_id',
);

const COUNT_BY_HEALTH = statement<HealthCount & { id: string }>(
  'read.count-objects-by-health',
  `select resource_id as id, health, count(*)::int as count from object
     where resource_id = any($1::uuid[]) group by 1, 2 order by 1, 2`,
);

function where(filter: ObjectFilter, parameters: Parameters): string[] {
  const { resourceId, withChildren, project, environment, kinds, names, health, isDrifted } = filter;
  const conditions: string[] = [];
  if (resourceId !== undefined) {
    const id = `${parameters.add(resourceId)}::uuid`;
    conditions.push(withChildren ? `o.resource_id in (${treeOf(id)})` : `o.resource_id = ${id}`);
  }
  const places: string[] = [];
  if (project !== undefined) places.push(`r.project_id = ${projectNamed(project, parameters)}`);
  if (environment !== undefined) places.push(environmentNamed('r.environment_id', environment, project, parameters));
  if (places.length > 0) {
    conditions.push(`o.resource_id in (select r.id from resource r where ${places.join(' and ')})`);
  }
  if (kinds !== undefined) conditions.push(`o.kind = any(${parameters.add(kinds)}::text[])`);
  if (names !== undefined) conditions.push(`o.name = any(${parameters.add(names)}::text[])`);
  if (health !== undefined) conditions.push(`o.health = any(${parameters.add(health)}::text[])`);
  if (isDrifted !== undefined) conditions.push(`o.drift is ${isDrifted ? 'not null' : 'null'}`);
  return conditions;
}

function listCursorOf(row: OwnedObjectRow): string {
  return encodeCursor(listCursorType, [row.resourceId, row.group, row.kind, row.namespace, row.name]);
}

function cursorOf(row: OwnedObjectRow): string {
  return encodeCursor(cursorType, [row.group, row.kind, row.namespace, row.name]);
}
