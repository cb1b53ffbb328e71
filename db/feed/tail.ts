import type { Clock } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import type { Queryable } from '../database.js';
import { statement } from '../statement.js';
import { readBound } from './bound.js';
import { readPage, type SizedCommit } from './page.js';

export interface TailOptions {
  readonly database: Queryable;
  readonly incarnation: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly pollMs: number;
  /** The tail has its place: what is committed after `delivered` will be told. Called again if the database was set back. */
  onBegin(delivered: bigint): void;
  /** More of the log, in order. */
  onCommits(commits: readonly SizedCommit[]): void;
}

/**
 * Looks at the log when it is woken and, slowly, by itself; never twice at once. When the database is away it tries
 * again for ever.
 *
 * It keeps two numbers. `delivered` is that of a commit, so it is safe on disk and may be given away in a cursor.
 * `scanned` may be higher: numbers of transactions that were rolled back. A crash of Postgres can take those back and
 * give them out again, so `scanned` stays in here and goes back with the sequence.
 */
export interface Tail {
  wake(): void;
  close(): Promise<void>;
}

export function startTail(options: TailOptions): Tail {
  const { database, clock, log } = options;
  let delivered: bigint | null = null;
  let scanned = 0n;
  let isDirty = true;
  let isClosed = false;
  let running: Promise<void> | null = null;
  let cancelPoll = () => {};
  let endPause = () => {};

  const begin = async (settled: bigint) => {
    const [row] = await database.query(readLast, [settled]);
    delivered = row?.seq ?? 0n;
    scanned = delivered;
    options.onBegin(delivered);
  };

  async function look(): Promise<void> {
    const { newest, settled } = await readBound(database, delivered === null ? null : scanned);
    if (delivered === null) return begin(settled);
    if (newest < delivered) {
      log.error('The database was set back in time; everybody begins again', { delivered: String(delivered) });
      return begin(settled);
    }
    if (newest < scanned) scanned = newest;
    while (scanned < settled && !isClosed) {
      const page = await readPage(database, options.incarnation, scanned, settled);
      scanned = page.upTo;
      delivered = page.commits.at(-1)?.seq ?? delivered;
      if (page.commits.length > 0) options.onCommits(page.commits);
    }
  }

  async function run(): Promise<void> {
    for (let failures = 0; isDirty && !isClosed; ) {
      isDirty = false;
      try {
        await look();
        failures = 0;
      } catch (error) {
        if (isClosed) return;
        isDirty = true;
        failures += 1;
        if (failures === 1) log.warn('Cannot read the revision log; trying again', { error: errorText(error) });
        await pause(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10)));
      }
    }
  }

  const pause = (delayMs: number) =>
    new Promise<void>((resolve) => {
      const cancel = clock.after(delayMs, resolve);
      endPause = () => {
        cancel();
        resolve();
      };
    });
  const wake = () => {
    isDirty = true;
    if (running || isClosed) return;
    running = run().finally(() => {
      running = null;
      // Woken between the last look and here.
      if (isDirty) wake();
    });
  };
  const poll = () => {
    cancelPoll = clock.after(options.pollMs, () => {
      wake();
      poll();
    });
  };
  poll();
  wake();

  return {
    wake,
    async close() {
      isClosed = true;
      cancelPoll();
      endPause();
      await running;
    },
  };
}

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2000;

const readLast = statement<{ seq: bigint | null }>(
  'feed.read-last',
  'select max(seq) as seq from revision where seq <= $1',
);
