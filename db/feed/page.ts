import type { Commit, Revision } from '../contract.js';
import { cursorOf } from '../cursor.js';
import type { Queryable } from '../database.js';
import { statement } from '../statement.js';

/** A commit with what the ring needs to know of it. */
export interface SizedCommit extends Commit {
  readonly seq: bigint;
  /** About how much memory it takes. */
  readonly sizeBytes: number;
}

export interface Page {
  readonly commits: readonly SizedCommit[];
  /** Everything up to here was read. */
  readonly upTo: bigint;
}

/** Whole commits after one number and up to another, as many as fit into a page; at least one if there is any. */
export async function readPage(database: Queryable, incarnation: string, after: bigint, upTo: bigint): Promise<Page> {
  if (upTo <= after) return { commits: [], upTo: after };
  const rows = await database.query(readRows, [after, upTo, PAGE_ROWS]);
  if (rows.length < PAGE_ROWS) return { commits: toCommits(incarnation, rows), upTo };
  // The last one may be cut; if it is the only one, it is read as a whole.
  const last = rows.at(-1)?.seq ?? upTo;
  const whole = rows.filter((row) => row.seq < last);
  if (whole.length > 0) return { commits: toCommits(incarnation, whole), upTo: last - 1n };
  return { commits: toCommits(incarnation, await database.query(readCommit, [last])), upTo: last };
}

const PAGE_ROWS = 1000;
/** Of an entry without its document. */
const ENTRY_BYTES = 500;

type Row = Revision & { readonly sizeBytes: number };

function toCommits(incarnation: string, rows: readonly Row[]): readonly SizedCommit[] {
  const commits: { seq: bigint; cursor: string; sizeBytes: number; revisions: Revision[] }[] = [];
  for (const { sizeBytes, ...revision } of rows) {
    let commit = commits.at(-1);
    if (commit?.seq !== revision.seq) {
      commit = { seq: revision.seq, cursor: cursorOf(incarnation, revision.seq), sizeBytes: 0, revisions: [] };
      commits.push(commit);
    }
    commit.revisions.push(revision);
    commit.sizeBytes += sizeBytes + ENTRY_BYTES;
  }
  return commits;
}

const columns = `seq, ordinal, at, changeset_id as "changesetId", resource_id as "resourceId", kind, project_id as "projectId",
  environment_id as "environmentId", owner_id as "ownerId", name, lease_key as "leaseKey", op, generation, version,
  status_version as "statusVersion", actor, manager, before, after, document,
  coalesce(pg_column_size(document), 0) as "sizeBytes"`;

const readRows = statement<Row>(
  'feed.read-rows',
  `select ${columns} from revision where seq > $1 and seq <= $2 order by seq, ordinal limit $3`,
);
const readCommit = statement<Row>(
  'feed.read-commit',
  `select ${columns} from revision where seq = $1 order by ordinal`,
);
