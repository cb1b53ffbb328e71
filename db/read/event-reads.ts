import type { Queryable } from '../database.js';
import { statement } from '../statement.js';
import { type CursorType, decodeCursor, encodeCursor } from './cursor.js';
import type { EventFilter } from './filters.js';
import { pageOf, rowsFor } from './page.js';
import { type EventColumn, type EventPage, type EventRow, eventColumns, type ReadModels } from './read-models.js';
import { environmentNamed, projectNamed, treeOf } from './resource-where.js';
import { composed, createParameters, groupBy, mapGroups, type Parameters } from './sql.js';

type EventReads = Pick<
  ReadModels,
  'listEvents' | 'countEvents' | 'eventsOf' | 'countEventsOf' | 'eventsOfObjects' | 'countEventsOfObjects'
>;

type SortedRow = EventRow & { readonly sortKey: string };

const cursorType: CursorType = { tag: 'e', keys: ['time', 'integer'] };
const ORDER = 'e.last_at desc, e.id desc';

/** Newest first. An event that happens again moves to the front. */
export function createEventReads(database: Queryable): EventReads {
  return {
    async listEvents(filter, page) {
      const { first, after } = page;
      const parameters = createParameters();
      const conditions = [...where(filter, parameters), ...beyond(after, parameters)];
      const text = `select ${listOf(page)} from event e where ${conditions.join(' and ') || 'true'}
        order by ${ORDER} limit ${parameters.add(rowsFor(page))}`;
      return pageOf<EventRow>(await database.query(composed<SortedRow>(text), parameters.values), first, cursorOf);
    },

    async countEvents(filter) {
      const parameters = createParameters();
      const text = `select count(*)::int as count from event e where ${where(filter, parameters).join(' and ') || 'true'}`;
      const [row] = await database.query(composed<{ count: number }>(text), parameters.values);
      return row?.count ?? 0;
    },

    async eventsOf(ids, page) {
      const { first, after } = page;
      const parameters = createParameters();
      const parents = parameters.add(ids);
      const conditions = ['e.resource_id = p.id', ...beyond(after, parameters)];
      const text = `select ${listOf(page)} from unnest(${parents}::uuid[]) p (id) cross join lateral (
          select e.* from event e where ${conditions.join(' and ')}
          order by ${ORDER} limit ${parameters.add(rowsFor(page))}
        ) e order by p.id, ${ORDER}`;
      const rows = await database.query(composed<SortedRow>(text), parameters.values);
      return mapGroups(
        groupBy(rows, (row) => row.resourceId),
        (group) => pageOf<EventRow>(group, first, cursorOf),
      );
    },

    async countEventsOf(ids) {
      const rows = await database.query(COUNT, [ids]);
      return new Map(rows.map(({ id, count }) => [id, count]));
    },

    async eventsOfObjects(keys, page) {
      const { first, after } = page;
      const parameters = createParameters();
      const of = subjects(keys, parameters);
      const conditions = [SUBJECT_IS, ...beyond(after, parameters)];
      const text = `select ${listOf(page)}, p.key as "subjectKey" from ${of} cross join lateral (
          select e.* from event e where ${conditions.join(' and ')}
          order by ${ORDER} limit ${parameters.add(rowsFor(page))}
        ) e order by p.key, ${ORDER}`;
      type Row = SortedRow & { readonly subjectKey: string };
      const rows = await database.query(composed<Row>(text), parameters.values);
      return mapGroups(
        groupBy(rows, (row) => row.subjectKey),
        (group) => pageOf<EventRow>(group, first, cursorOf),
      );
    },

    async countEventsOfObjects(keys) {
      const parameters = createParameters();
      const text = `select p.key, count(*)::int as count from ${subjects(keys, parameters)}
        join event e on ${SUBJECT_IS} group by p.key`;
      const rows = await database.query(composed<{ key: string; count: number }>(text), parameters.values);
      return new Map(rows.map(({ key, count }) => [key, count]));
    },
  };
}

/** Names an object of a resource, for eventsOfObjects. `title` is `Kind/namespace/name`. */
export function subjectKey(resourceId: string, title: string): string {
  return `${resourceId}/${title}`;
}

const UUID_LENGTH = 36;
const SUBJECT_IS = 'e.resource_id = p.id and coalesce(e.owner_object, e.object) = p.title';

function subjects(keys: readonly string[], parameters: Parameters): string {
  const ids = parameters.add(keys.map((key) => key.slice(0, UUID_LENGTH)));
  const titles = parameters.add(keys.map((key) => key.slice(UUID_LENGTH + 1)));
  return `unnest(${parameters.add(keys)}::text[], ${ids}::uuid[], ${titles}::text[]) p (key, id, title)`;
}

const expressions: Readonly<Record<EventColumn, string>> = {
  object: 'e.object',
  ownerObject: 'e.owner_object as "ownerObject"',
  type: 'e.type',
  reason: 'e.reason',
  message: 'e.message',
  source: 'e.source',
  count: 'e.count',
  firstAt: 'e.first_at as "firstAt"',
  lastAt: 'e.last_at as "lastAt"',
  cursor: 'e.last_at::text as "sortKey"',
};

function listOf({ columns }: EventPage): string {
  const asked = eventColumns.filter((column) => columns === undefined || columns.has(column));
  return ['e.id::text as id', 'e.resource_id as "resourceId"', ...asked.map((column) => expressions[column])].join(
    ', ',
  );
}

const COUNT = statement<{ id: string; count: number }>(
  'read.count-events',
  'select resource_id as id, count(*)::int as count from event where resource_id = any($1::uuid[]) group by resource_id',
);

function where(filter: EventFilter, parameters: Parameters): readonly string[] {
  const { resourceId, withChildren, project, environment, type, isOfCluster } = filter;
  const conditions: string[] = [];
  if (resourceId !== undefined) {
    const id = `${parameters.add(resourceId)}::uuid`;
    conditions.push(withChildren ? `e.resource_id in (${treeOf(id)})` : `e.resource_id = ${id}`);
  }
  if (project !== undefined) conditions.push(`e.project_id = ${projectNamed(project, parameters)}`);
  if (environment !== undefined) {
    conditions.push(environmentNamed('e.environment_id', environment, project, parameters));
  }
  if (type !== undefined) conditions.push(`e.type = ${parameters.add(type)}`);
  if (isOfCluster !== undefined) conditions.push(`e.outside_id is ${isOfCluster ? 'not ' : ''}null`);
  return conditions;
}

function beyond(after: string | null, parameters: Parameters): readonly string[] {
  const keys = decodeCursor(cursorType, after);
  if (!keys) return [];
  const [at = '', id = ''] = keys;
  return [`(e.last_at, e.id) < (${parameters.add(at)}::timestamptz, ${parameters.add(id)}::bigint)`];
}

function cursorOf(row: EventRow): string {
  return encodeCursor(cursorType, [(row as SortedRow).sortKey, row.id]);
}
