import { CursorExpiredError } from '../../lib/errors.js';
import type { AskedMoment } from '../../lib/moment.js';
import { parseCursor } from '../cursor.js';
import type { Queryable } from '../database.js';
import { readBound } from '../feed/bound.js';
import { statement } from '../statement.js';
import type { ReadModels } from './read-models.js';

/** Finds moments in the log. */
export function createMomentReads(database: Queryable): Pick<ReadModels, 'findMoment'> {
  return {
    async findMoment(asked) {
      const { newest, settled } = await readBound(database, null);
      const [plane] = await database.query(READ_PLANE);
      if (!plane) throw new Error('The database has no plane in it. Was it bootstrapped?');
      const seq = asked.type === 'cursor' ? atCursor(asked.cursor, plane, newest) : await atTime(asked.time, settled);
      if (seq === null || seq < plane.retainedAfter) throw tooOld(asked, seq, plane);
      if (seq > settled) return null;
      const [commit] = await database.query(READ_COMMIT, [seq]);
      return { seq, at: commit?.at ?? plane.createdAt };
    },
  };

  async function atTime(time: string, settled: bigint): Promise<bigint | null> {
    const [commit] = await database.query(FIND_TIME, [time, settled]);
    return commit?.seq ?? null;
  }
}

interface PlaneRow {
  readonly incarnation: string;
  readonly retainedAfter: bigint;
  readonly createdAt: string;
}

function atCursor(cursor: string, plane: PlaneRow, newest: bigint): bigint {
  if (!cursor.startsWith(`${plane.incarnation}:`)) {
    throw new CursorExpiredError(`The cursor ${cursor} is of another plane; this one is ${plane.incarnation}.`, {
      next: 'Give a time, or a cursor of this plane.',
    });
  }
  const seq = parseCursor(cursor, plane.incarnation);
  if (seq <= newest) return seq;
  throw new CursorExpiredError(`The cursor ${cursor} is ahead of the log: the database was restored since.`, {
    next: 'Give a time, or a cursor that changes or apply returned since then.',
  });
}

function tooOld(asked: AskedMoment, seq: bigint | null, plane: PlaneRow): CursorExpiredError {
  const what = asked.type === 'cursor' ? `The cursor ${asked.cursor}` : asked.time;
  if (seq === null) {
    return new CursorExpiredError(`${what} is before this plane was made, at ${plane.createdAt}: nothing was there.`, {
      next: `Give a time after ${plane.createdAt}.`,
    });
  }
  return new CursorExpiredError(
    `${what} is older than what is kept of the log, so what was then cannot be told any more.`,
    { next: 'Give a later time.' },
  );
}

const READ_PLANE = statement<PlaneRow>(
  'read.plane-limits',
  'select incarnation, retained_after as "retainedAfter", created_at as "createdAt" from plane',
);
// Times are told to the millisecond, so what began within the millisecond had begun by then.
const FIND_TIME = statement<{ seq: bigint }>(
  'read.find-time',
  `select seq from revision where at < $1::timestamptz + interval '1 millisecond' and seq <= $2
   order by at desc, seq desc limit 1`,
);
const READ_COMMIT = statement<{ at: string }>(
  'read.moment-commit',
  'select at from revision where seq <= $1 order by seq desc limit 1',
);
