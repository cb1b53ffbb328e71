import type { Commit, Feed } from '../db/contract.js';
import type { ReadSetRecorder } from '../db/read/read-set.js';
import { type Clock, sleep } from '../lib/clock.js';
import { createReadSet, type ReadSet } from './read-set.js';

/** Reads that answer again whenever what they looked at has changed. */
export interface LiveReads<Answer> {
  /**
   * Runs `readOnce` at once, and again when a commit concerns what the last run looked at: one run at a time, and after
   * it one more if need be, so a slow reader gets the newest state and none between. An answer that equals the one
   * before is not given again. Pulls: nothing runs while nobody asks. return() detaches at once.
   */
  open(readOnce: (recorder: ReadSetRecorder) => Promise<Answer>): AsyncIterableIterator<Answer>;
}

export interface LiveReadsOptions<Answer> {
  readonly feed: Pick<Feed, 'onCommit'>;
  readonly clock: Clock;
  /** The same text for equal answers. */
  digest(answer: Answer): string;
  /** Whether it could not be read just now, so that it is worth less than the answer before. */
  isFailed(answer: Answer): boolean;
}

export function createLiveReads<Answer>(options: LiveReadsOptions<Answer>): LiveReads<Answer> {
  return { open: (readOnce) => openLiveRead(options, readOnce) };
}

/** A burst of commits costs one run per this time, while a single one is answered at once. */
const MIN_INTERVAL_MS = 25;

/** A failed answer after a good one is tried again this often, after 1 s, 2 s, 4 s..., before it is given. */
const MAX_FAILURES = 5;
const FIRST_RETRY_MS = 1_000;

/** What changes by time alone is looked at this often at most. */
const SHORTEST_WAIT_MS = 1_000;

/** Commits that are kept while a run is in flight. More: the run is taken to be outdated. */
const MAX_PENDING = 1_000;

/**
 * States: clean (waits for a commit of concern), dirty (runs as soon as it is pulled), running (commits are kept, and
 * judged by what the run looked at once that is known), closed.
 */
function openLiveRead<Answer>(
  { feed, clock, digest, isFailed }: LiveReadsOptions<Answer>,
  readOnce: (recorder: ReadSetRecorder) => Promise<Answer>,
): AsyncIterableIterator<Answer> {
  const closing = new AbortController();
  let readSet: ReadSet = createReadSet();
  let isDirty = true;
  let pending: Commit[] | null = null;
  let awaken: (() => void) | null = null;
  let abandon: (() => void) | null = null;
  let lastStartMs = Number.NEGATIVE_INFINITY;
  let lastDigest: string | null = null;
  let failures = 0;
  let cancelAgain = () => {};
  let last: Promise<unknown> = Promise.resolve();

  const becomeDirty = () => {
    isDirty = true;
    awaken?.();
  };
  const detach = feed.onCommit((commit) => {
    if (isDirty) return;
    if (pending === null) {
      if (readSet.isConcernedBy(commit)) becomeDirty();
    } else if (pending.push(commit) > MAX_PENDING) becomeDirty();
  });
  const close = () => {
    if (closing.signal.aborted) return;
    closing.abort();
    detach();
    cancelAgain();
    awaken?.();
    abandon?.();
  };
  const untilDirty = () =>
    new Promise<void>((resolve) => {
      awaken = resolve;
      if (isDirty || closing.signal.aborted) resolve();
    });

  const run = async (): Promise<Answer> => {
    lastStartMs = clock.monotonicMs();
    cancelAgain();
    isDirty = false;
    pending = [];
    const seen = createReadSet();
    try {
      const answer = await readOnce(seen);
      readSet = seen;
      const againInMs = seen.againInMs();
      if (againInMs !== null && !closing.signal.aborted)
        cancelAgain = clock.after(Math.max(againInMs, SHORTEST_WAIT_MS), becomeDirty);
      if (pending.some((commit) => seen.isConcernedBy(commit))) isDirty = true;
      return answer;
    } finally {
      pending = null;
    }
  };

  const pull = async (): Promise<IteratorResult<Answer>> => {
    for (;;) {
      await untilDirty();
      const restMs = lastStartMs + MIN_INTERVAL_MS - clock.monotonicMs();
      if (restMs > 0) await sleep(clock, restMs, closing.signal);
      if (closing.signal.aborted) return { value: undefined, done: true };
      const answer = await run();
      if (lastDigest !== null && isFailed(answer) && failures < MAX_FAILURES) {
        isDirty = true;
        await sleep(clock, FIRST_RETRY_MS * 2 ** failures++, closing.signal);
        continue;
      }
      failures = 0;
      const found = digest(answer);
      if (found === lastDigest) continue;
      lastDigest = found;
      return { value: answer, done: false };
    }
  };

  return {
    next() {
      if (closing.signal.aborted) return Promise.resolve({ value: undefined, done: true });
      return new Promise((resolve, reject) => {
        // A run that is in flight when the reader leaves has nobody to answer: next() ends with return().
        abandon = () => resolve({ value: undefined, done: true });
        const pulled = last.then(pull);
        pulled.then(resolve, reject);
        last = pulled.catch(close);
      });
    },
    return() {
      close();
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
