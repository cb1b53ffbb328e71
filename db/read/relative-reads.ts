import type { KindRegistry } from '../../lib/kind.js';
import type { Queryable } from '../database.js';
import { statement } from '../statement.js';
import { decodeCursor } from './cursor.js';
import { pageOf } from './page.js';
import type { HealthCount, ReadModels, ReferenceRow, Relation } from './read-models.js';
import { resourceCursor, resourceOrders } from './resource-orders.js';
import type { ResourceRow } from './resource-row.js';
import { HEALTH, resourceSelect, upgraded, WITH_STATUS } from './resource-select.js';
import { composed, createParameters, groupBy, mapGroups } from './sql.js';

type RelativeReads = Pick<
  ReadModels,
  'relatives' | 'countRelatives' | 'countRelativesByHealth' | 'references' | 'dependents'
>;

type RelativeRow = ResourceRow & { readonly parentId: string; readonly sortKey: string };

/** How a relative r belongs to its parent p. */
const joins: Readonly<Record<Relation, string>> = {
  children: 'r.owner_id = p.id',
  referrers: 'r.id in (select f.from_id from reference f where f.to_id = p.id)',
};

/** Relatives of many parents in one statement: each parent has its page by a lateral join. */
export function createRelativeReads(database: Queryable, registry: KindRegistry): RelativeReads {
  const kinds = registry.kinds.map(({ name }) => name);
  return {
    async relatives(relation, ids, { first, after }, columns) {
      const order = resourceOrders.NAME;
      const keys = decodeCursor(order.cursor, after);
      const parameters = createParameters();
      const parents = parameters.add(ids);
      const known = parameters.add(kinds);
      const { list, from } = resourceSelect(columns);
      const beyond = keys ? ` and ${order.after(keys, parameters)}` : '';
      const text = `select p.id as "parentId", x.* from unnest(${parents}::uuid[]) p (id) cross join lateral (
          select ${list}, ${order.key} as "sortKey" from ${from}
          where ${joins[relation]} and r.kind = any(${known}::text[])${beyond}
          order by ${order.by} limit ${parameters.add(first + 1)}
        ) x order by p.id, x."sortKey", x.id`;
      const rows = await database.query(composed<RelativeRow>(text), parameters.values);
      return mapGroups(
        groupBy(rows, (row) => row.parentId),
        (group) =>
          pageOf<ResourceRow>(
            group.map((row) => upgraded(row, registry)),
            first,
            (row) => resourceCursor(order, row as RelativeRow),
          ),
      );
    },

    async countRelatives(relation, ids) {
      const text = `select p.id, (select count(*)::int from resource r
          where ${joins[relation]} and r.kind = any($2::text[])) as count from unnest($1::uuid[]) p (id)`;
      const rows = await database.query(composed<{ id: string; count: number }>(text), [ids, kinds]);
      return new Map(rows.map(({ id, count }) => [id, count]));
    },

    async countRelativesByHealth(relation, ids) {
      const text = `select p.id, x.health, x.count from unnest($1::uuid[]) p (id) cross join lateral (
          select ${HEALTH} as health, count(*)::int as count from ${WITH_STATUS}
          where ${joins[relation]} and r.kind = any($2::text[]) group by 1
        ) x order by p.id, x.health`;
      const rows = await database.query(composed<HealthCount & { id: string }>(text), [ids, kinds]);
      return groupBy(rows, (row) => row.id);
    },

    async references(ids) {
      return groupBy(await database.query(REFERENCES, [ids]), (row) => row.fromId);
    },

    async dependents(ids) {
      const rows = await database.query(DEPENDENTS, [ids]);
      return new Map(rows.map(({ id, count }) => [id, count]));
    },
  };
}

const REFERENCES = statement<ReferenceRow>(
  'read.references',
  `select from_id as "fromId", path, to_id as "toId" from reference where from_id = any($1::uuid[]) order by from_id, path`,
);

const DEPENDENTS = statement<{ id: string; count: number }>(
  'read.dependents',
  `select p.id, (select count(*)::int from (
      select f.from_id from reference f where f.to_id = p.id union select r.id from resource r where r.owner_id = p.id
    ) x) as count from unnest($1::uuid[]) p (id)`,
);
