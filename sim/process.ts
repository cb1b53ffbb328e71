import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { Random } from '../lib/random.js';
import type { EventLoop, Owner } from './event-loop.js';
import type { Scheduler } from './scheduler.js';

/**
 * A process of the simulated plane. It is alive, frozen for a time (it notices nothing of that, as when a machine is
 * suspended), or dead. All that it can wait for is a step or a timer of its own; of a dead one none happens any more, so
 * its promises never settle, and nothing of it is left but what it said to others.
 */
export interface SimProcess extends Owner, Scheduler {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Lets `run` happen in this process. */
  after(delayMs: number, what: string, run: () => void): () => void;
  /** What others answer, `delayMs` later, and only while it lives. */
  hear<Answer>(what: string, answer: Promise<Answer>, delayMs?: () => number): Promise<Answer>;
  /** Aborts when it dies: for those outside of it that have to notice. Nothing in it may listen. */
  readonly died: AbortSignal;
  kill(): void;
  freeze(forMs: number): void;
}

export interface SimProcessOptions {
  readonly name: string;
  readonly loop: EventLoop;
  readonly random: Random;
  readonly log: Log;
  /** How long a step takes. */
  readonly stepMs: () => number;
  /** How far its clock is ahead of the true time. */
  readonly skewMs?: number;
}

export function createProcess({ name, loop, random, log, stepMs, skewMs = 0 }: SimProcessOptions): SimProcess {
  const dying = new AbortController();
  let isDead = false;
  let frozenUntilMs = 0;

  const process: SimProcess = {
    name,
    random,
    log,
    died: dying.signal,
    get isDead() {
      return isDead;
    },
    get frozenUntilMs() {
      return frozenUntilMs;
    },
    clock: {
      now: () => Math.floor(loop.nowMs + skewMs),
      monotonicMs: () => loop.nowMs,
      after: (delayMs, callback) => loop.after(delayMs, process, 'timer', callback),
    },
    step: (what) => new Promise((resolve) => void loop.after(stepMs(), process, what, resolve)),
    after: (delayMs, what, run) => loop.after(delayMs, process, what, run),
    hear: (what, answer, delayMs = () => 0) =>
      new Promise((resolve, reject) => {
        answer.then(
          (value) => void loop.after(delayMs(), process, what, () => resolve(value)),
          (error) => void loop.after(delayMs(), process, `${what}: failed`, () => reject(error)),
        );
      }),
    kill() {
      if (isDead) return;
      isDead = true;
      dying.abort(new Error(`${name} was killed`));
    },
    freeze(forMs) {
      frozenUntilMs = Math.max(frozenUntilMs, loop.nowMs + forMs);
    },
  };
  return process;
}
