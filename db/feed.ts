import type { Clock } from '../lib/clock.js';
import { CursorExpiredError, errorText } from '../lib/errors.js';
import type { Failpoint } from '../lib/failpoint.js';
import type { Log } from '../lib/log.js';
import type { Random } from '../lib/random.js';
import type { Plane } from './bootstrap.js';
import { createNotifyBus } from './bus/notify-bus.js';
import type { Bus } from './bus.js';
import type { Commit, Feed } from './contract.js';
import { cursorOf, parseCursor } from './cursor.js';
import type { Database } from './database.js';
import { createNotifier } from './feed/notifier.js';
import { readPage } from './feed/page.js';
import { createReader, type Reader } from './feed/reader.js';
import { Ring } from './feed/ring.js';
import { startTail } from './feed/tail.js';
import { createWatcher, type Watcher } from './feed/watcher.js';
import { statement } from './statement.js';

export interface FeedOptions {
  readonly database: Database;
  /** What `bootstrap` returned. */
  readonly plane: Plane;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Brings wakes of other processes. Left out: NOTIFY, by a connection that is closed with the feed. */
  readonly bus?: Bus;
  /** How often to look without being woken, in milliseconds. Default 3000. */
  readonly pollMs?: number;
  readonly failpoint?: Failpoint;
}

/**
 * Hands out the log of this database to everybody in this process: one tail reads it, watchers get wakes, readers pull
 * commits from a shared ring or, further back, from the table, and listeners are called with each commit.
 * When the database is away nobody notices more than a delay.
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
  const ready = Promise.withResolvers<void>();

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
  const deliver = (commits: readonly Commit[]) => {
    for (const commit of commits) {
      for (const watcher of watchers) watcher.offer(commit);
      for (const listener of listeners) tell(listener, commit);
    }
    for (const reader of readers) reader.advance();
  };
  const tail = startTail({
    database,
    incarnation: plane.incarnation,
    clock,
    log,
    pollMs: options.pollMs ?? POLL_MS,
    isHeard: () => watchers.size + readers.size + listeners.size > 0,
    onBegin(delivered) {
      // Set back: what readers have is not the log of this database any more. Their next call tells them.
      if (isReady) for (const reader of [...readers]) reader.end();
      head = delivered;
      ring = new Ring(delivered);
      isReady = true;
      ready.resolve();
      for (const watcher of watchers) watcher.sync();
      for (const reader of readers) reader.advance();
    },
    onCommits(commits) {
      head = commits.at(-1)?.seq ?? head;
      if (readers.size > 0) ring.push(commits);
      else ring.skip(head);
      deliver(commits);
      if (options.failpoint?.('wakeTwice', '') === true) clock.after(0, () => deliver(commits));
    },
    onUnheard(upTo) {
      head = upTo;
      ring.skip(head);
    },
  });
  const bus = options.bus ?? createNotifyBus({ database, clock, log });
  const notifier = createNotifier({
    bus,
    clock,
    sender: options.random.uuid(),
    onWake: () => tail.wake(),
  });

  /** The number of a cursor that can be read from. Throws CursorExpiredError. */
  async function place(cursor: string): Promise<bigint> {
    const seq = parseCursor(cursor, plane.incarnation);
    const [limits] = await database.query(readLimits);
    if (limits && seq > limits.newest) {
      throw new CursorExpiredError(
        'This cursor is ahead of the log: the database was restored. Begin again without one.',
      );
    }
    if (limits && seq < limits.retainedAfter) {
      throw new CursorExpiredError('This cursor is older than what is kept of the log. Begin again without one.');
    }
    return seq;
  }

  return {
    async head() {
      await ready.promise;
      await tail.settle();
      return cursorOf(plane.incarnation, head);
    },
    watch(watchOptions) {
      const watcher = createWatcher(watchOptions, () => watchers.delete(watcher));
      watchers.add(watcher);
      tail.attend();
      if (isClosed) watcher.end();
      // SYNC promises that whatever is committed from now on will wake, so the tail must have its place before.
      else if (isReady) watcher.sync();
      return watcher;
    },
    changes(after) {
      const source = {
        async begin() {
          const seq = await place(after);
          await ready.promise;
          return seq;
        },
        ring: () => ring,
        async page(seq: bigint) {
          const page = await readPage(database, plane.incarnation, seq, head);
          // Retention may have passed while the page was read, so what it has is not all there was.
          await place(cursorOf(plane.incarnation, seq));
          return page;
        },
      };
      const reader = createReader(source, () => readers.delete(reader));
      readers.add(reader);
      tail.attend();
      if (isClosed) reader.end();
      return reader;
    },
    onCommit(listener) {
      listeners.add(listener);
      tail.attend();
      return () => void listeners.delete(listener);
    },
    async check(cursor) {
      await place(cursor);
    },
    wake() {
      tail.wake();
      notifier.tell();
    },
    stats: () => ({ watchers: watchers.size, readers: readers.size, listeners: listeners.size, seq: head }),
    async close() {
      isClosed = true;
      for (const watcher of [...watchers]) watcher.end();
      for (const reader of [...readers]) reader.end();
      listeners.clear();
      ready.resolve();
      notifier.close();
      await Promise.all([options.bus ? null : bus.close(), tail.close()]);
    },
  };
}

/** A lost wake costs this much latency. */
const POLL_MS = 3000;

const readLimits = statement<{ newest: bigint; retainedAfter: bigint }>(
  'feed.read-limits',
  `select (select last_value from revision_seq) as newest, retained_after as "retainedAfter" from plane`,
);
