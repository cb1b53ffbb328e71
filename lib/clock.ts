/** Time as a value that is passed in, so that a simulation can step it and a test never sleeps. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds from an origin of its own. Never goes back, and need not count the time that the machine was suspended. */
  monotonicMs(): number;
  /** Runs `callback` once after `delayMs`. Returns a function that cancels it; cancelling twice does nothing. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(delayMs, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** setTimeout fires at once for delays that do not fit into 31 bits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Resolves after `delayMs` on `clock`, or at once when `signal` is aborted: the caller looks at the signal. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** A clock that moves only when told to. */
export interface ManualClock extends Clock {
  /** Moves time forward by `byMs` and runs, in order of their due time, the timers that became due. */
  step(byMs: number): void;
  /** Timers that are not due yet. */
  pending(): number;
}

export function createManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs;
  let serial = 0;
  const timers = new Map<number, { readonly dueMs: number; readonly callback: () => void }>();
  const nextDue = (untilMs: number) =>
    [...timers].filter(([, timer]) => timer.dueMs <= untilMs).sort((a, b) => a[1].dueMs - b[1].dueMs || a[0] - b[0])[0];
  return {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    after(delayMs, callback) {
      const id = ++serial;
      timers.set(id, { dueMs: nowMs + Math.max(0, delayMs), callback });
      return () => void timers.delete(id);
    },
    step(byMs) {
      const untilMs = nowMs + byMs;
      for (let due = nextDue(untilMs); due; due = nextDue(untilMs)) {
        timers.delete(due[0]);
        nowMs = Math.max(nowMs, due[1].dueMs);
        due[1].callback();
      }
      nowMs = untilMs;
    },
    pending: () => timers.size,
  };
}
