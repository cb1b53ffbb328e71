import { CursorExpiredError } from '../../lib/errors.js';
import type { AskedMoment } from '../../lib/moment.js';
import type { Queryable } from '../database.js';
import { readBound } from '../feed/bound.js';
import { statement } from '../statement.js';
import type { ReadModels } from './read-models.js';

/** Finds moments in the log. */
export function createMomentReads(database: Queryable): Pick<ReadModels, 'findMoment'> {
  return {
    async findMoment(asked) {
      const { newest, settled } = await readBound(database, null);
      const cursor = asked.type === 'cursor' ? numberOf(asked.cursor) : null;
      const time = asked.type === 'time' ? asked.time : null;
      const [found] = await database.query(FIND, [cursor, time, settled]);
      if (!found) throw new Error('The database has no plane in it. Was it bootstrapped?');
      if (asked.type === 'cursor') checkCursor(asked.cursor, found, newest);
      const { seq } = found;
      if (seq === null || seq < found.retainedAfter) throw tooOld(asked, found);
      return seq > settled ? null : { seq, at: found.at ?? found.createdAt };
    },
  };
}

interface Found {
  readonly incarnation: string;
  readonly retainedAfter: bigint;
  readonly createdAt: string;
  /** null: no commit had begun by that time. */
  readonly seq: bigint | null;
  readonly at: string | null;
}

const numberOf = (cursor: string) => BigInt(cursor.split(':')[1] ?? 0);

function checkCursor(cursor: string, { incarnation }: Found, newest: bigint): void {
  if (!cursor.startsWith(`${incarnation}:`)) {
    throw new CursorExpiredError(`The cursor ${cursor} is of another plane; this one is ${incarnation}.`, {
      next: 'Give a time, or a cursor of this plane.',
    });
  }
  if (numberOf(cursor) <= newest) return;
  throw new CursorExpiredError(`The cursor ${cursor} is ahead of the log: the database was restored since.`, {
    next: 'Give a time, or a cursor that changes or apply returned since then.',
  });
}

function tooOld(asked: AskedMoment, { seq, createdAt }: Found): CursorExpiredError {
  const what = asked.type === 'cursor' ? `The cursor ${asked.cursor}` : asked.time;
  if (seq === null) {
    return new CursorExpiredError(`${what} is before this plane was made, at ${createdAt}: nothing was there.`, {
      next: `Give a time after ${createdAt}.`,
    });
  }
  return new CursorExpiredError(
    `${what} is older than what is kept of the log, so what was then cannot be told any more.`,
    { next: 'Give a later time.' },
  );
}

// Times are told to the millisecond, so what began within the millisecond had begun by then.
const FIND = statement<Found>(
  'read.find-moment',
  `select p.incarnation, p.retained_after as "retainedAfter", p.created_at as "createdAt", m.seq, (
     select v.at from revision v where v.seq <= m.seq order by v.seq desc limit 1) as at
   from plane p cross join (select coalesce($1::bigint, (
     select v.seq from revision v where v.at < $2::timestamptz + interval '1 millisecond' and v.seq <= $3
     order by v.at desc, v.seq desc limit 1)) as seq) m`,
);
