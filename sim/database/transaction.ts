import { Lock, type Waiting } from './lock.js';
import type { Tuple } from './tuple.js';

/**
 * One transaction: active until it commits or aborts, or failed in between, when it takes nothing but a rollback.
 * What it wrote is in the tuples; whether others see that follows from its state alone.
 */
export class SimulatedTransaction {
  readonly id: number;
  /** For the trace: `server-1#12`. */
  readonly title: string;
  /** `now()` in it, in milliseconds. */
  readonly beganMs: number;
  readonly isSnapshot: boolean;
  state: 'active' | 'committed' | 'aborted' = 'active';
  /** Place in the order of commits. */
  commitNumber = Number.POSITIVE_INFINITY;
  /** Why it takes nothing but a rollback any more. */
  hasFailed = false;
  /** Set when its connection is gone: whatever it still does ends with this. */
  lost: Error | null = null;
  /** Of a snapshot: whether it has seen anything, and up to which commit it sees. */
  hasView = false;
  sees = 0;
  readonly written = new Set<Tuple<object>>();
  readonly locks = new Set<Lock>();
  waiting: Waiting | null = null;
  /** Held until it ends: who waits for its end waits for this. */
  readonly end: Lock;

  constructor(id: number, connection: string, beganMs: number, isSnapshot: boolean) {
    this.id = id;
    this.title = `${connection}#${id}`;
    this.beganMs = beganMs;
    this.isSnapshot = isSnapshot;
    this.end = new Lock(`the end of ${this.title}`);
    this.end.take(this, 'update');
  }
}
