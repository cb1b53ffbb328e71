import type { SimulatedTransaction } from './transaction.js';

/**
 * The four strengths of row locks in Postgres ("Explicit Locking", table 13.3). Two of them conflict when they add up to
 * five or more: the table of the manual in one number. Advisory locks are `share` or `noKeyUpdate`, and whoever waits for
 * the end of a transaction asks `keyShare` of what that one holds as `update`.
 */
export const strengths = { keyShare: 1, share: 2, noKeyUpdate: 3, update: 4 } as const;
export type Strength = keyof typeof strengths;

const CONFLICT = 5;

/** One attempt to take a lock that others hold. */
export interface Waiting {
  readonly transaction: SimulatedTransaction;
  readonly lock: Lock;
  readonly strength: number;
  grant(): void;
  fail(error: Error): void;
}

/**
 * A lock, who holds it, and who waits for it in which order. A newcomer that conflicts with no holder does not wait for
 * those who wait already; one that holds it weaker waits for the other holders only, as in Postgres.
 */
export class Lock {
  /** For the trace and for errors. */
  readonly what: string;
  readonly #holders = new Map<SimulatedTransaction, number>();
  #waiting: Waiting[] = [];

  constructor(what: string) {
    this.what = what;
  }

  get isFree(): boolean {
    return this.#holders.size === 0 && this.#waiting.length === 0;
  }

  /** Takes it, if nobody is in the way. */
  take(transaction: SimulatedTransaction, asked: Strength): boolean {
    const strength = strengths[asked];
    const held = this.#holders.get(transaction) ?? 0;
    if (held >= strength) return true;
    if (this.#conflicting(transaction, strength).length > 0) return false;
    this.#hold(transaction, strength);
    return true;
  }

  isHeld(transaction: SimulatedTransaction, strength: Strength): boolean {
    return (this.#holders.get(transaction) ?? 0) >= strengths[strength];
  }

  /** Waits for it, at the end of the line. */
  wait(
    transaction: SimulatedTransaction,
    asked: Strength,
  ): { readonly waiting: Waiting; readonly done: Promise<void> } {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = {
      transaction,
      lock: this,
      strength: strengths[asked],
      grant: resolve,
      fail: (error) => {
        this.#leave(waiting);
        reject(error);
      },
    };
    this.#waiting.push(waiting);
    transaction.waiting = waiting;
    return { waiting, done: promise };
  }

  /** Whom somebody waits for. */
  blockers(waiting: Waiting): readonly SimulatedTransaction[] {
    const { transaction, strength } = waiting;
    const holders = this.#conflicting(transaction, strength);
    if (this.#holders.has(transaction)) return holders;
    const before = this.#waiting.slice(0, this.#waiting.indexOf(waiting));
    const ahead = before.filter((other) => other.strength + strength >= CONFLICT).map((other) => other.transaction);
    return [...holders, ...ahead];
  }

  release(transaction: SimulatedTransaction): void {
    this.#holders.delete(transaction);
    this.#serve();
  }

  #hold(transaction: SimulatedTransaction, strength: number): void {
    this.#holders.set(transaction, strength);
    transaction.locks.add(this);
  }

  #conflicting(transaction: SimulatedTransaction, strength: number): SimulatedTransaction[] {
    const found: SimulatedTransaction[] = [];
    for (const [holder, held] of this.#holders) {
      if (holder !== transaction && held + strength >= CONFLICT) found.push(holder);
    }
    return found;
  }

  #leave(waiting: Waiting): void {
    this.#waiting = this.#waiting.filter((other) => other !== waiting);
    waiting.transaction.waiting = null;
    this.#serve();
  }

  #serve(): void {
    for (const waiting of [...this.#waiting]) {
      if (this.blockers(waiting).length > 0) continue;
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      waiting.transaction.waiting = null;
      this.#hold(waiting.transaction, waiting.strength);
      waiting.grant();
    }
  }
}
