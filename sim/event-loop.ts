import type { Random } from '../lib/random.js';
import { EventQueue, type QueuedEvent } from './event-queue.js';
import type { Trace } from './trace.js';

/** Whose steps an event is of. What is owned by somebody who is dead never happens. */
export interface Owner {
  readonly name: string;
  readonly isDead: boolean;
  /** Until then nothing of it happens; it notices nothing of that. */
  readonly frozenUntilMs: number;
}

/**
 * Virtual time, and all that is to happen in it. Between two events everything that the first one set off has run: all
 * promises that could settle have settled, so there is nothing that happens at the same time.
 */
export interface EventLoop {
  readonly nowMs: number;
  /** How many events have happened. */
  readonly count: number;
  /** Lets `run` happen once, after `delayMs`; at the same moment events go in an order by chance. Returns what cancels it. */
  after(delayMs: number, owner: Owner, what: string, run: () => void): () => void;
  /** Goes on until `isDone` after an event, or until nothing is due before `untilMs`; then it is that late. */
  run(untilMs: number, isDone?: () => boolean): Promise<void>;
}

interface Event extends QueuedEvent {
  dueMs: number;
  order: number;
  readonly owner: Owner;
  readonly what: string;
  run: (() => void) | null;
}

export interface EventLoopOptions {
  readonly startMs: number;
  readonly random: Random;
  readonly trace: Trace;
  /** Of the machine, as it is outside of the run. Resolves when all that could settle has settled. */
  readonly settle: () => Promise<void>;
}

export function createEventLoop({ startMs, random, trace, settle }: EventLoopOptions): EventLoop {
  const queue = new EventQueue<Event>();
  let nowMs = startMs;
  let count = 0;

  const happen = async (event: Event): Promise<void> => {
    const { owner, run } = event;
    if (run === null || owner.isDead) return;
    nowMs = Math.max(nowMs, event.dueMs);
    if (owner.frozenUntilMs > nowMs) {
      // What was due while it was frozen comes in the order in which it was due.
      event.order = event.dueMs * SMALL;
      event.dueMs = owner.frozenUntilMs;
      queue.push(event);
      return;
    }
    count += 1;
    event.run = null;
    trace.add(nowMs, owner.name, event.what);
    run();
    await settle();
  };

  return {
    get nowMs() {
      return nowMs;
    },
    get count() {
      return count;
    },
    after(delayMs, owner, what, run) {
      const event: Event = { dueMs: nowMs + Math.max(0, delayMs), order: random.next(), owner, what, run };
      queue.push(event);
      return () => {
        event.run = null;
      };
    },
    async run(untilMs, isDone = () => false) {
      await settle();
      for (let next = queue.peek(); next && next.dueMs <= untilMs; next = queue.peek()) {
        queue.pop();
        await happen(next);
        if (isDone()) return;
      }
      nowMs = Math.max(nowMs, untilMs);
    },
  };
}

/** Makes an order of a moment. */
const SMALL = 1e-13;
