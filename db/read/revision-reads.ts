import type { Moment } from '../../lib/moment.js';
import type { Queryable } from '../database.js';
import { statement } from '../statement.js';
import { type CursorType, decodeCursor, encodeCursor } from './cursor.js';
import { pageOf } from './page.js';
import type { ReadModels, RevisionRow } from './read-models.js';
import { composed, createParameters, groupBy, mapGroups } from './sql.js';

type RevisionReads = Pick<ReadModels, 'incarnation' | 'revisionsOf' | 'countRevisionsOf'>;

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

function cursorOf(row: RevisionRow): string {
  return encodeCursor(cursorType, [(row as SortedRow).seq, String(row.ordinal)]);
}
