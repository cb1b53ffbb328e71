import type { JsonObject } from '../../lib/canonical.js';
import type { Moment } from '../../lib/moment.js';
import type { Queryable } from '../database.js';
import { statement } from '../statement.js';
import { type CursorType, decodeCursor, encodeCursor } from './cursor.js';
import type { RevisionFilter } from './filters.js';
import { pageOf } from './page.js';
import type { ReadModels, RevisionRow } from './read-models.js';
import { composed, createParameters, groupBy, mapGroups, type Parameters } from './sql.js';

type RevisionReads = Pick<
  ReadModels,
  'incarnation' | 'revisionsOf' | 'countRevisionsOf' | 'listRevisions' | 'countRevisions' | 'documentsBefore'
>;

type SortedRow = RevisionRow & { readonly seq: string };

const cursorType: CursorType = { tag: 'r', keys: ['integer', 'integer'] };

/** Newest first. With a moment, those up to it. */
export function createRevisionReads(database: Queryable, moment: Moment | null = null): RevisionReads {
  return {
    async incarnation() {
      const [row] = await database.query(INCARNATION);
      if (!row) throw new Error('The database has no plane in it. Was it bootstrapped?');
      return row.incarnation;
    },

    async revisionsOf(ids, { first, after }) {
      const keys = decodeCursor(cursorType, after);
      const parameters = createParameters();
      const parents = parameters.add(ids);
      const beyond = keys
        ? ` and (v.seq, v.ordinal) < (${parameters.add(keys[0] ?? '')}::bigint, ${parameters.add(keys[1] ?? '')}::int)`
        : '';
      const until = moment ? ` and v.seq <= ${parameters.add(moment.seq)}::bigint` : '';
      const text = `select x.* from unnest(${parents}::uuid[]) p (id) cross join lateral (
          select ${COLUMNS} from revision v where v.resource_id = p.id${until}${beyond}
          order by v.seq desc, v.ordinal desc limit ${parameters.add(first + 1)}
        ) x order by x."resourceId", x.seq::bigint desc, x.ordinal desc`;
      const rows = await database.query(composed<SortedRow>(text), parameters.values);
      return mapGroups(
        groupBy(rows, (row) => row.resourceId),
        (group) => pageOf<RevisionRow>(group, first, cursorOf),
      );
    },

    async listRevisions(filter, { first, after }) {
      const keys = decodeCursor(cursorType, after);
      const parameters = createParameters();
      const conditions = where(filter, parameters, moment);
      if (keys)
        conditions.push(
          `(v.seq, v.ordinal) < (${parameters.add(keys[0] ?? '')}::bigint, ${parameters.add(keys[1] ?? '')}::int)`,
        );
      const text = `select ${COLUMNS} from revision v where ${conditions.join(' and ') || 'true'}
        order by v.seq desc, v.ordinal desc limit ${parameters.add(first + 1)}`;
      return pageOf<RevisionRow>(await database.query(composed<SortedRow>(text), parameters.values), first, cursorOf);
    },

    async countRevisions(filter) {
      const parameters = createParameters();
      const conditions = where(filter, parameters, moment);
      const text = `select count(*)::int as count from revision v where ${conditions.join(' and ') || 'true'}`;
      const [row] = await database.query(composed<{ count: number }>(text), parameters.values);
      return row?.count ?? 0;
    },

    async documentsBefore(keys) {
      const parts = keys.map((key) => key.split(' '));
      const column = (index: number) => parts.map((part) => part[index] ?? '');
      const rows = await database.query(BEFORE, [
        keys,
        column(0),
        column(1),
        column(2),
        column(3).map((sort) => sort === 'status'),
      ]);
      return new Map(rows.map(({ key, document }) => [key, document]));
    },

    async countRevisionsOf(ids) {
      const rows = await database.query(COUNT, [ids, moment?.seq ?? null]);
      return new Map(rows.map(({ id, count }) => [id, count]));
    },
  };
}

const COLUMNS = `v.seq::text as seq, (select plane.incarnation from plane) || ':' || v.seq as cursor, v.ordinal, v.at,
  v.changeset_id as "changesetId", v.resource_id as "resourceId", v.kind, v.name, v.project_id as "projectId",
  v.environment_id as "environmentId", v.owner_id as "ownerId", v.op, v.generation, v.version,
  v.status_version as "statusVersion", v.actor, v.manager, v.before, v.after, v.document`;

const INCARNATION = statement<{ incarnation: string }>('read.incarnation', 'select incarnation from plane');

const COUNT = statement<{ id: string; count: number }>(
  'read.count-revisions',
  `select resource_id as id, count(*)::int as count from revision
   where resource_id = any($1::uuid[]) and ($2::bigint is null or seq <= $2::bigint) group by resource_id`,
);

/** Names a revision, for documentsBefore. */
export function revisionKey({
  resourceId,
  cursor,
  ordinal,
  op,
}: Pick<RevisionRow, 'resourceId' | 'cursor' | 'ordinal' | 'op'>): string {
  return [resourceId, cursor.split(':')[1], ordinal, op === 'status' ? 'status' : 'desired'].join(' ');
}

const BEFORE = statement<{ key: string; document: JsonObject }>(
  'read.documents-before',
  `select p.key, x.document
   from unnest($1::text[], $2::uuid[], $3::bigint[], $4::int[], $5::boolean[]) p (key, id, seq, ordinal, is_status)
   cross join lateral (
     (select v.document from revision v
      where v.resource_id = p.id and v.op in ('created', 'updated', 'deletionRequested', 'removed') and not p.is_status
        and (v.seq, v.ordinal) < (p.seq, p.ordinal)
      order by v.seq desc, v.ordinal desc limit 1)
     union all
     (select v.document from revision v
      where v.resource_id = p.id and v.op = 'status' and p.is_status and (v.seq, v.ordinal) < (p.seq, p.ordinal)
      order by v.seq desc, v.ordinal desc limit 1)
   ) x where x.document is not null`,
);

/** Whatever had these names at any time: their places may be gone, and others of the same names made since. */
function where(filter: RevisionFilter, parameters: Parameters, moment: Moment | null): string[] {
  const { resourceId, kinds, names, project, environment, ops } = filter;
  const conditions: string[] = [];
  if (moment) conditions.push(`v.seq <= ${parameters.add(moment.seq)}::bigint`);
  if (resourceId !== undefined) conditions.push(`v.resource_id = ${parameters.add(resourceId)}::uuid`);
  if (ops) conditions.push(`v.op = any(${parameters.add(ops)}::text[])`);
  const made: string[] = [];
  if (kinds) made.push(`m.kind = any(${parameters.add(kinds)}::text[])`);
  if (names) made.push(`m.name = any(${parameters.add(names)}::text[])`);
  const placed = (kind: string, name: string) =>
    `(select n.resource_id from revision n where n.op = 'created' and n.kind = '${kind}' and n.name = ${parameters.add(name)})`;
  if (project !== undefined) made.push(`m.project_id in ${placed('Project', project)}`);
  if (environment !== undefined) made.push(`m.environment_id in ${placed('Environment', environment)}`);
  if (made.length > 0) {
    conditions.push(
      `v.resource_id in (select m.resource_id from revision m where m.op = 'created' and ${made.join(' and ')})`,
    );
  }
  return conditions;
}

function cursorOf(row: RevisionRow): string {
  return encodeCursor(cursorType, [(row as SortedRow).seq, String(row.ordinal)]);
}
