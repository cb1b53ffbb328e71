import type { Clock } from '../lib/clock.js';
import { CursorExpiredError, errorText } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import type { Random } from '../lib/random.js';
import type { Plane } from './bootstrap.js';
import type { Commit, Feed } from './contract.js';
import { cursorOf, parseCursor } from './cursor.js';
import type { Database } from './database.js';
import { readBound } from './feed/bound.js';
import { createNotifier } from './feed/notifier.js';
import { readPage, type SizedCommit } from './feed/page.js';
import { createReader, type Reader } from './feed/reader.js';
import { Ring } from './feed/ring.js';
import { createWatcher, type Watcher } from './feed/watcher.js';
import { statement } from './statement.js';

export interface FeedOptions {
  readonly database: Database;
  /** What `bootstrap` returned. */
  readonly plane: Plane;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** How often to look without being woken, in milliseconds. Default 3000. */
  readonly pollMs?: number;
}

/**
 * The one tail of this process. It looks when it is woken, by our own store, by NOTIFY of another process, or by its
 * slow poll; reads what is settled after its head; and hands it to watchers, readers and listeners. When the database
 * is away it tries again for ever, and nobody notices more than a delay.
 */
export function createFeed(options: FeedOptions): Feed {
  const { database, clock, log, plane } = options;
  const watchers = new Set<Watcher>();
  const readers = new Set<Reader>();
  const listeners = new Set<(commit: Commit) => void>();
  let head = 0n;
  let ring = new Ring(0n);
  let isReady = false;
  let isClosed = false;
  let isDirty = true;
  let running: Promise<void> | null = null;
  let cancelTimer = () => {};
  let becomeReady = () => {};
  const ready = new Promise<void>((resolve) => {
    becomeReady = resolve;
  });

  const deliver = (commits: readonly SizedCommit[]) => {
    ring.push(commits);
    for (const commit of commits) {
      for (const watcher of watchers) watcher.offer(commit);
      for (const listener of listeners) tell(listener, commit);
    }
  };
  const tell = (listener: (commit: Commit) => void, commit: Commit) => {
    try {
      listener(commit);
    } catch (error) {
      log.error('A listener of the feed failed; it missed a commit', {
        error: errorText(error),
        cursor: commit.cursor,
      });
    }
  };
  const begin = (at: bigint) => {
    head = at;
    ring = new Ring(at);
    isReady = true;
    becomeReady();
    for (const watcher of watchers) watcher.sync();
    for (const reader of readers) reader.advance();
  };

  async function look(): Promise<void> {
    const { newest, settled } = await readBound(database);
    if (!isReady) return begin(settled);
    if (newest < head) {
      log.error('The database went back in time; everybody begins again', {
        head: String(head),
        newest: String(newest),
      });
      return begin(settled);
    }
    while (head < settled && !isClosed) {
      const page = await readPage(database, plane.incarnation, head, settled);
      head = page.upTo;
      deliver(page.commits);
      for (const reader of readers) reader.advance();
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (isDirty && !isClosed) {
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
  let resume = () => {};
  const pause = (delayMs: number) =>
    new Promise<void>((resolve) => {
      const cancel = clock.after(delayMs, resolve);
      resume = () => {
        cancel();
        resolve();
      };
    });

  const wakeTail = () => {
    isDirty = true;
    if (running || isClosed) return;
    running = run().finally(() => {
      running = null;
      // Woken between the last look and here.
      if (isDirty) wakeTail();
    });
  };
  const poll = () => {
    cancelTimer = clock.after(options.pollMs ?? POLL_MS, () => {
      wakeTail();
      poll();
    });
  };
  const notifier = createNotifier({ database, clock, log, sender: options.random.uuid(), onWake: wakeTail });
  poll();
  wakeTail();

  /** The number of a cursor that can be read from. */
  async function place(cursor: string): Promise<bigint> {
    const seq = parseCursor(cursor, plane.incarnation);
    const [limits] = await database.query(readLimits);
    if (limits && seq > limits.newest) {
      throw new CursorExpiredError(
        'This cursor is ahead of the log: the database was restored. Begin again without one.',
      );
    }
    if (limits && seq < limits.retainedAfter) throw tooOld();
    return seq;
  }

  return {
    async head() {
      await ready;
      return cursorOf(plane.incarnation, head);
    },
    watch(watchOptions) {
      const watcher = createWatcher(watchOptions, () => watchers.delete(watcher));
      watchers.add(watcher);
      if (isClosed) watcher.end();
      // SYNC promises that whatever is committed from now on will wake, so the tail must have its place before.
      else if (isReady) watcher.sync();
      return watcher;
    },
    changes(after) {
      const source = {
        begin: async () => {
          const seq = await place(after);
          await ready;
          return seq;
        },
        ring: () => ring,
        head: () => head,
        page: async (seq: bigint) => {
          const page = await readPage(database, plane.incarnation, seq, head);
          const [limits] = await database.query(readLimits);
          if (limits && seq < limits.retainedAfter) throw tooOld();
          return page;
        },
      };
      const reader = createReader(source, () => readers.delete(reader));
      readers.add(reader);
      if (isClosed) reader.end();
      return reader;
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async check(cursor) {
      await place(cursor);
    },
    wake() {
      wakeTail();
      notifier.tell();
    },
    stats: () => ({ watchers: watchers.size, readers: readers.size, listeners: listeners.size, seq: head }),
    async close() {
      isClosed = true;
      cancelTimer();
      resume();
      for (const watcher of [...watchers]) watcher.end();
      for (const reader of [...readers]) reader.end();
      listeners.clear();
      becomeReady();
      await notifier.close();
      await running;
    },
  };
}

const POLL_MS = 3000;
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2000;

const tooOld = () =>
  new CursorExpiredError('This cursor is older than what is kept of the log. Begin again without one.');

const readLimits = statement<{ newest: bigint; retainedAfter: bigint }>(
  'feed.read-limits',
  `select (select last_value from revision_seq) as newest, retained_after as "retainedAfter" from plane`,
);
