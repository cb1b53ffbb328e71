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
  /** Somebody is to be told. As long as nobody is, commits are counted and not read. Left out: always. */
  isHeard?(): boolean;
  /** The tail has its place: what is committed after `delivered` will be told. Called again if the database was set back. */
  onBegin(delivered: bigint): void;
  /** More of the log, in order. */
  onCommits(commits: readonly SizedCommit[]): void;
  /** There is more of the log, up to this number, and nobody was there to be told. */
  onUnheard?(upTo: bigint): void;
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
  /** Somebody came who is to be told: it does not rest any more. */
  attend(): void;
  /** Rejects never. While nobody is told, wakes are taken together; resolves when those until now were looked at, or that failed. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export function startTail(options: TailOptions): Tail {
  const { database, clock, log, isHeard = () => true } = options;
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
  /** null: it does not rest. */
  let endRest: (() => void) | null = null;
  const settling: (() => void)[] = [];

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

  /** The same where nobody is to be told. Who comes while it is counted is told of what was counted. */
  async function countAhead(): Promise<boolean> {
    if (delivered === null) return false;
    const [row] = await database.query(countCommits, [delivered]);
    if (isHeard()) return lookAhead();
    const { newest = null, count = 0n } = row ?? {};
    isPlain = newest === null || newest === delivered + count;
    if (isPlain) passOver(newest);
    return isPlain;
  }

  function passOver(upTo: bigint | null): void {
    if (delivered === null || upTo === null || upTo <= delivered) return;
    delivered = upTo;
    options.onUnheard?.(upTo);
  }

  async function look(isGeneral: boolean): Promise<void> {
    if (!isGeneral && isPlain && (await (isHeard() ? lookAhead() : countAhead()))) return;
    const { newest, settled } = await readBound(database, delivered);
    if (delivered === null) return begin(settled);
    if (newest < delivered) {
      log.error('The database was set back in time; everybody begins again', { delivered: String(delivered) });
      return begin(settled);
    }
    if (delivered < settled && !isHeard()) {
      const [last] = await database.query(readLast, [settled]);
      if (!isHeard()) {
        passOver(last?.seq ?? null);
        isPlain = settled === newest;
        return;
      }
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
        tellSettled();
        await pause(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10)));
        continue;
      }
      tellSettled();
      if (!isHeard() && !isClosed) await rest();
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
  const tellSettled = () => {
    for (const resolve of settling.splice(0)) resolve();
  };
  const rest = () =>
    new Promise<void>((resolve) => {
      const end = () => {
        endRest = null;
        cancel();
        resolve();
      };
      const cancel = clock.after(REST_MS, end);
      endRest = end;
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
    attend: () => endRest?.(),
    settle() {
      if (!endRest || !isDirty || isClosed) return Promise.resolve();
      return new Promise((resolve) => {
        settling.push(resolve);
        endRest?.();
      });
    },
    async close() {
      isClosed = true;
      cancelPoll();
      endPause();
      endRest?.();
      await running;
      tellSettled();
    },
  };
}

/** The highest number of a sequence. */
const HIGHEST = 2n ** 63n - 1n;

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2000;

/** Wakes while nobody is told cost one look per this time. */
const REST_MS = 100;

const countCommits = statement<{ newest: bigint | null; count: bigint }>(
  'feed.count-commits',
  'select max(seq) as newest, count(distinct seq) as count from revision where seq > $1',
);
const readLast = statement<{ seq: bigint | null }>(
  'feed.read-last',
  'select max(seq) as seq from revision where seq <= $1',
);
