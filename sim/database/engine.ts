import type { Clock } from '../../lib/clock.js';
import type { Random } from '../../lib/random.js';
import type { Scheduler } from '../scheduler.js';
import { Lock, type Strength, type Waiting } from './lock.js';
import { createTables, type Tables } from './schema.js';
import { sqlError } from './sql-error.js';
import type { Table } from './table.js';
import { SimulatedTransaction } from './transaction.js';
import type { Tuple } from './tuple.js';

export interface EngineOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
}

/**
 * What is in the memory and on the disk of the simulated Postgres: tables, sequences, locks, and which transactions there
 * are. A crash ends all transactions, and what was committed stays.
 */
export class Engine {
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly tables: Tables = createTables();
  readonly #active = new Set<SimulatedTransaction>();
  readonly #advisory = new Map<string, { readonly lock: Lock; readonly key: AdvisoryKey }>();
  /** By what is being looked at: up to which commit it sees. Versions that any of them needs are kept. */
  readonly #views = new Map<object, number>();
  readonly #sequences = new Map<string, bigint>();
  /** Written by transactions that committed, with versions that somebody may still need. */
  #unpruned = new Set<Tuple<object>>();
  #commits = 0;
  #serial = 0;

  constructor(options: EngineOptions) {
    this.clock = options.clock;
    this.random = options.random;
    this.scheduler = options.scheduler;
  }

  /** The newest commit. */
  get commits(): number {
    return this.#commits;
  }

  get active(): Iterable<SimulatedTransaction> {
    return this.#active;
  }

  begin(connection: string, isSnapshot: boolean): SimulatedTransaction {
    this.#serial += 1;
    const transaction = new SimulatedTransaction(this.#serial, connection, this.clock.now(), isSnapshot);
    this.#active.add(transaction);
    return transaction;
  }

  /** From here on everybody who looks anew sees what it wrote; then its locks go. */
  commit(transaction: SimulatedTransaction): void {
    if (transaction.written.size > 0) {
      this.#commits += 1;
      transaction.commitNumber = this.#commits;
    }
    this.#end(transaction, 'committed');
    for (const tuple of transaction.written) this.#unpruned.add(tuple);
    this.#prune();
  }

  rollback(transaction: SimulatedTransaction): void {
    if (transaction.state !== 'active') return;
    for (const tuple of transaction.written) tuple.undo(transaction);
    this.#end(transaction, 'aborted');
  }

  /** Nothing that `view` sees is forgotten until it is closed. */
  openView(view: object, upTo: number): void {
    this.#views.set(view, upTo);
  }

  closeView(view: object): void {
    this.#views.delete(view);
  }

  /** Takes a lock, or waits for it; of those that wait for each other in a circle one fails. */
  async lock(transaction: SimulatedTransaction, lock: Lock, strength: Strength): Promise<void> {
    if (lock.take(transaction, strength)) return;
    const { waiting, done } = lock.wait(transaction, strength);
    const circle = circleOf(waiting);
    if (circle) {
      const victim = circle[this.random.below(circle.length)];
      victim?.waiting?.fail(sqlError('40P01', 'deadlock detected'));
    }
    await done;
    await this.scheduler.step(`${transaction.title} goes on: it has ${lock.what}`);
  }

  advisoryLock(key: AdvisoryKey): Lock {
    const text = `${key.length} ${key.join(' ')}`;
    const known = this.#advisory.get(text);
    if (known) return known.lock;
    const lock = new Lock(`advisory lock ${key.join(' ')}`);
    this.#advisory.set(text, { lock, key });
    return lock;
  }

  /** Keys of one bigint that somebody holds or waits for. */
  get heldAdvisoryKeys(): readonly bigint[] {
    return [...this.#advisory.values()].flatMap(({ lock, key }) => (key.length === 1 && !lock.isFree ? key : []));
  }

  lastValue(sequence: string): bigint {
    return this.#sequences.get(sequence) ?? 0n;
  }

  /** Not rolled back. */
  nextValue(sequence: string): bigint {
    const next = this.lastValue(sequence) + 1n;
    this.#sequences.set(sequence, next);
    return next;
  }

  setValue(sequence: string, value: bigint): void {
    this.#sequences.set(sequence, value);
  }

  /** Rows of a table that are committed, in the order in which they were first written. */
  committed<Row extends object>(table: Table<Row>): readonly Row[] {
    const nobody = new SimulatedTransaction(0, 'nobody', 0, true);
    return [...table.tuples].flatMap((tuple) => tuple.seen(nobody, this.#commits) ?? []);
  }

  #end(transaction: SimulatedTransaction, state: 'committed' | 'aborted'): void {
    transaction.state = state;
    this.#active.delete(transaction);
    const { locks } = transaction;
    for (const lock of [...locks]) lock.release(transaction);
    locks.clear();
    for (const [text, { lock }] of this.#advisory) if (lock.isFree) this.#advisory.delete(text);
  }

  #prune(): void {
    if (this.#unpruned.size === 0) return;
    let everybodySees = this.#commits;
    for (const upTo of this.#views.values()) everybodySees = Math.min(everybodySees, upTo);
    const tuples = this.#unpruned;
    this.#unpruned = new Set();
    for (const tuple of tuples) {
      tuple.prune(everybodySees);
      if (tuple.hasHistory) this.#unpruned.add(tuple);
    }
  }
}

/** One bigint, or two integers: they are apart. */
export type AdvisoryKey = readonly [bigint] | readonly [bigint, bigint];

/** Those that wait for each other in a circle, beginning with who waits since now; null: there is none. */
function circleOf(start: Waiting): readonly SimulatedTransaction[] | null {
  const seen = new Set<SimulatedTransaction>();
  const walk = (waiting: Waiting, path: readonly SimulatedTransaction[]): readonly SimulatedTransaction[] | null => {
    for (const blocker of waiting.lock.blockers(waiting)) {
      if (blocker === start.transaction) return path;
      if (seen.has(blocker) || !blocker.waiting) continue;
      seen.add(blocker);
      const found = walk(blocker.waiting, [...path, blocker]);
      if (found) return found;
    }
    return null;
  };
  return walk(start, [start.transaction]);
}
