import type { Queryable } from '../database.js';
import { writerClass } from '../revision-lock.js';
import { statement } from '../statement.js';

export interface Bound {
  /** The newest number that was given out. */
  readonly newest: bigint;
  /** No commit up to this number can appear any more that is not visible to a statement that begins now. */
  readonly settled: bigint;
}

/**
 * How far the log can be read without missing a commit that is still on its way.
 *
 * Numbers are taken before commit, so a lower one may appear after a higher one. A writer takes a shared advisory lock
 * keyed by the newest number and holds it until its commit is visible; then it takes its number, which is higher than
 * its key. So of all that hold a number up to `newest`, those that have not committed hold a key below their number.
 * The order is what makes it true: first the sequence, then the locks, and the rows in a later snapshot.
 *
 * `delivered`: up to there all was read; null: nothing was. Where no higher number was given out there is nothing to come,
 * and the locks are not looked at: that is what every look at a quiet log is.
 */
export async function readBound(database: Queryable, delivered: bigint | null): Promise<Bound> {
  const [sequence] = await database.query(readNewest);
  const newest = sequence?.newest ?? 0n;
  if (newest === delivered) return { newest, settled: newest };
  const [locks] = await database.query(readLowestKey, [writerClass]);
  const key = locks?.key ?? null;
  return { newest, settled: key !== null && key < newest ? key : newest };
}

const readNewest = statement<{ newest: bigint }>('feed.newest', 'select last_value as newest from revision_seq');
// An advisory lock of one bigint shows its upper half as classid and its lower as objid, and objsubid 1 (pg_locks).
const readLowestKey = statement<{ key: bigint | null }>(
  'feed.lowest-key',
  `select min(((classid::bigint & 65535) << 32) | objid::bigint) as key from pg_locks
   where locktype = 'advisory' and objsubid = 1 and (classid::bigint >> 16) = $1
     and database = (select oid from pg_database where datname = current_database())`,
);
