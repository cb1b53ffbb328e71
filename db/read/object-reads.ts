import type { Queryable } from '../database.js';
import { statement } from '../statement.js';
import { type CursorType, decodeCursor, encodeCursor } from './cursor.js';
import { pageOf } from './page.js';
import type { OwnedObjectRow, ReadModels } from './read-models.js';
import { composed, createParameters, groupBy, mapGroups } from './sql.js';

type ObjectReads = Pick<ReadModels, 'objects' | 'countObjects'>;

const cursorType: CursorType = { tag: 'o', keys: ['text', 'text', 'text', 'text'] };

/** In the order of the primary key. */
export function createObjectReads(database: Queryable): ObjectReads {
  return {
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
  };
}

const COLUMNS = `o.resource_id as "resourceId", o.runtime_id as "runtimeId", o.api_group as "group",
  o.api_version as version, o.kind, o.namespace, o.name, o.state, o.origin, o.uid, o.applied_hash as "appliedHash",
  o.health, o.reason, o.message, o.drift, o.since`;

const COUNT = statement<{ id: string; count: number }>(
  'read.count-objects',
  'select resource_id as id, count(*)::int as count from object where resource_id = any($1::uuid[]) group by resource_id',
);

function cursorOf(row: OwnedObjectRow): string {
  return encodeCursor(cursorType, [row.group, row.kind, row.namespace, row.name]);
}
