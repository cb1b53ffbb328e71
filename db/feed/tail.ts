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
 * It keeps one number, that of the last commit that it delivered, which is safe on disk and may be given away in a
 * cursor. Higher numbers may have been given out, to transactions that were rolled back. A crash of Postgres can take
 * those back and give them out again, so what lies above is read again at every look, until a commit is above it.
 */
export interface Tail {
  wake(): void;
  close(): Promise<void>;
}

export function startTail(options: TailOptions): Tail {
  const { database, clock, log } = options;
  let delivered: bigint | null = null;
  let isDirty = true;
  /** A general look is due: only that one sees that numbers were taken back. */
  let isDue = true;
  /** Whether the numbers that came last followed on each other. */
  let isPlain = true;
  let isClosed = false;
  let running: Promise<void> | null = null;
  let cancelPoll = () => {};
  let endPause = () => {};

  const begin = async (settled: bigint) => {
    const [row] = await database.query(readLast, [settled]);
    delivered = row?.seq ?? 0n;
    options.onBegin(delivered);
  };

  /**
   * Numbers that follow on what was delivered without a gap cannot be overtaken by a late commit, whoever else is writing:
   * one statement finds them, where the general look takes three. Returns whether that was all.
   */
  async function lookAhead(): Promise<boolean> {
    if (delivered === null) return false;
    const { commits, upTo } = await readPage(database, options.incarnation, delivered, HIGHEST);
    const from = delivered;
    const gap = commits.findIndex(({ seq }, index) => seq !== from + BigInt(index) + 1n);
    const following = gap < 0 ? commits : commits.slice(0, gap);
    delivered = following.at(-1)?.seq ?? delivered;
    if (following.length > 0) options.onCommits(following);
    // What did not fit into the page.
    if (upTo < HIGHEST) isDirty = true;
    isPlain = gap < 0;
    return isPlain;
  }

  async function look(isGeneral: boolean): Promise<void> {
    if (!isGeneral && isPlain && (await lookAhead())) return;
    const { newest, settled } = await readBound(database, delivered);
    if (delivered === null) return begin(settled);
    if (newest < delivered) {
      log.error('The database was set back in time; everybody begins again', { delivered: String(delivered) });
      return begin(settled);
    }
    for (let read = delivered; read < settled && !isClosed; ) {
      const page = await readPage(database, options.incarnation, read, settled);
      read = page.upTo;
      delivered = page.commits.at(-1)?.seq ?? delivered;
      if (page.commits.length > 0) options.onCommits(page.commits);
    }
    isPlain = settled === newest;
  }

  async function run(): Promise<void> {
    for (let failures = 0; isDirty && !isClosed; ) {
      isDirty = false;
      try {
        const isGeneral = isDue;
        isDue = false;
        await look(isGeneral);
        failures = 0;
      } catch (error) {
        if (isClosed) return;
        isDirty = true;
        isDue = true;
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
      isDue = true;
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

/** The highest number of a sequence. */
const HIGHEST = 2n ** 63n - 1n;

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2000;

const readLast = statement<{ seq: bigint | null }>(
  'feed.read-last',
  'select max(seq) as seq from revision where seq <= $1',
);
