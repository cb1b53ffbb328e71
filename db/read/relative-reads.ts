import type { KindRegistry } from '../../lib/kind.js';
import type { Queryable } from '../database.js';
import { decodeCursor } from './cursor.js';
import { pageOf, rowsFor } from './page.js';
import type { HealthCount, ReadModels, ReferenceRow, Relation } from './read-models.js';
import { referencesWithTargets } from './reference-reads.js';
import { resourceCursor, resourceOrders } from './resource-orders.js';
import type { ResourceRow } from './resource-row.js';
import { HEALTH, resourceSelect, upgraded } from './resource-select.js';
import { presentSource, type ResourceSource } from './resource-source.js';
import { kindIsKnown } from './resource-where.js';
import { composed, createParameters, groupBy, mapGroups, type Parameters } from './sql.js';

type RelativeReads = Pick<
  ReadModels,
  'relatives' | 'countRelatives' | 'countRelativesByHealth' | 'references' | 'reached' | 'dependents'
>;

type RelativeRow = ResourceRow & { readonly parentId: string; readonly sortKey: string };

/** Relatives of many parents in one statement: each parent has its page by a lateral join. */
export function createRelativeReads(
  database: Queryable,
  registry: KindRegistry,
  source: ResourceSource = presentSource,
): RelativeReads {
  const isKnown = kindIsKnown(registry);
  /** How a relative r belongs to its parent p. */
  const joinOf = (relation: Relation, parameters: Parameters) =>
    relation === 'children' ? 'r.owner_id = p.id' : `r.id in (${source.referrersOf('p.id', parameters)})`;
  return {
    async relatives(relation, ids, page, columns) {
      const { first, after } = page;
      const order = resourceOrders.NAME;
      const keys = decodeCursor(order.cursor, after);
      const parameters = createParameters();
      const parents = parameters.add(ids);
      const { list, needsStatus } = resourceSelect(columns);
      const from = needsStatus ? source.withStatus(parameters) : source.resource('r', parameters);
      const beyond = keys ? ` and ${order.after(keys, parameters)}` : '';
      const text = `select p.id as "parentId", x.* from unnest(${parents}::uuid[]) p (id) cross join lateral (
          select ${list}, ${order.key} as "sortKey" from ${from}
          where ${joinOf(relation, parameters)} and ${isKnown}${beyond}
          order by ${order.by} limit ${parameters.add(rowsFor(page))}
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
      const parameters = createParameters();
      const text = `select p.id, (select count(*)::int from ${source.resource('r', parameters)}
          where ${joinOf(relation, parameters)} and ${isKnown}) as count
        from unnest(${parameters.add(ids)}::uuid[]) p (id)`;
      const rows = await database.query(composed<{ id: string; count: number }>(text), parameters.values);
      return new Map(rows.map(({ id, count }) => [id, count]));
    },

    async countRelativesByHealth(relation, ids) {
      const parameters = createParameters();
      const text = `select p.id, x.health, x.count
        from unnest(${parameters.add(ids)}::uuid[]) p (id) cross join lateral (
          select ${HEALTH} as health, count(*)::int as count from ${source.withStatus(parameters)}
          where ${joinOf(relation, parameters)} and ${isKnown} group by 1
        ) x order by p.id, x.health`;
      const rows = await database.query(composed<HealthCount & { id: string }>(text), parameters.values);
      return groupBy(rows, (row) => row.id);
    },

    async references(ids, targets) {
      if (targets) return referencesWithTargets(ids, targets, { database, registry, source });
      const parameters = createParameters();
      const text = `select f.from_id as "fromId", f.path, f.to_id as "toId" from ${source.references(parameters)}
        where f.from_id = any(${parameters.add(ids)}::uuid[]) order by f.from_id, f.path`;
      const rows = await database.query(composed<ReferenceRow>(text), parameters.values);
      return groupBy(rows, (row) => row.fromId);
    },

    async reached(id, limit) {
      const parameters = createParameters();
      // Postgres makes the rows of a round from those of the one before: they come by distance, and no more than asked.
      const text = `with recursive reached (id) as (
          select r.id from ${source.resource('r', parameters)} where r.id = ${parameters.add(id)}::uuid and ${isKnown}
          union select x.id from reached cross join lateral (
            select r.id from ${source.resource('r', parameters)} where r.owner_id = reached.id and ${isKnown}
            union all select f.to_id from ${source.references(parameters)} where f.from_id = reached.id
          ) x
        ) select id from reached limit ${parameters.add(limit)}`;
      return (await database.query(composed<{ id: string }>(text), parameters.values)).map((row) => row.id);
    },

    async dependents(ids) {
      const parameters = createParameters();
      // What goes with its owner, or with the owner of that, goes after those that refer to these from elsewhere.
      const owners = `with recursive goes (id, owner_id) as (
          select r.id, r.owner_id from ${source.resource('r', parameters)} where r.id = p.id and r.deletion_requested_at is not null
          union all select r.id, r.owner_id from goes g join ${source.resource('r', parameters)} on r.id = g.owner_id
          where r.deletion_requested_at is not null
        ) select g.id from goes g where g.id <> p.id`;
      const text = `select p.id, (select count(*)::int from (
          ${source.referrersOf('p.id', parameters)}
          union select r.id from ${source.resource('r', parameters)} where r.owner_id = p.id
          union select r.id from (${owners}) o cross join lateral (
            select r.id from ${source.resource('r', parameters)}
            where r.id in (${source.referrersOf('o.id', parameters)}) and r.owner_id is distinct from o.id) r
        ) x) as count from unnest(${parameters.add(ids)}::uuid[]) p (id)`;
      const rows = await database.query(composed<{ id: string; count: number }>(text), parameters.values);
      return new Map(rows.map(({ id, count }) => [id, count]));
    },
  };
}
