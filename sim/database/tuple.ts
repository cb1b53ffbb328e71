import { Lock } from './lock.js';
import type { Table } from './table.js';
import type { SimulatedTransaction } from './transaction.js';

interface Version<Row> {
  readonly by: SimulatedTransaction;
  /** null: deleted. */
  readonly row: Row | null;
  /** Whoever wrote it held the lock for `update`, which then counts as a change of the key, be it one or not. */
  readonly isKeyChange: boolean;
}

/**
 * One row over time: its versions, the oldest first, and its lock. Whoever writes holds the lock as `noKeyUpdate` or
 * `update`, so at most the last version is not committed, and there are no versions of aborted transactions.
 */
export class Tuple<Row extends object> {
  readonly table: Table<Row>;
  readonly lock: Lock;
  #versions: Version<Row>[] = [];

  constructor(table: Table<Row>, title: string) {
    this.table = table;
    this.lock = new Lock(title);
  }

  /** What a snapshot of a transaction sees; null: nothing. */
  seen(transaction: SimulatedTransaction, upTo: number): Row | null {
    for (let at = this.#versions.length - 1; at >= 0; at -= 1) {
      const version = this.#versions[at];
      if (version && (version.by === transaction || version.by.commitNumber <= upTo)) return version.row;
    }
    return null;
  }

  /** The newest that is committed or its own. */
  settled(transaction: SimulatedTransaction): Row | null {
    return this.seen(transaction, Number.MAX_SAFE_INTEGER);
  }

  /** Whether all that was committed since `row` left its key alone, so that who refers to it need not look again. */
  hasKeySince(row: Row): boolean {
    const since = this.#versions.slice(this.#versions.findIndex((version) => version.row === row) + 1);
    return !since.some(({ by, isKeyChange }) => isKeyChange && by.state === 'committed');
  }

  /** Who else is writing to it. */
  writer(transaction: SimulatedTransaction): SimulatedTransaction | null {
    const by = this.#versions.at(-1)?.by;
    return by && by !== transaction && by.state === 'active' ? by : null;
  }

  write(transaction: SimulatedTransaction, row: Row | null): void {
    if (this.#versions.at(-1)?.by === transaction) this.#versions.pop();
    this.#versions.push({ by: transaction, row, isKeyChange: this.lock.isHeld(transaction, 'update') });
    transaction.written.add(this as unknown as Tuple<object>);
  }

  rows(): readonly Row[] {
    return this.#versions.flatMap(({ row }) => row ?? []);
  }

  /** The last two: while somebody writes to it, what is committed and what may be. */
  get newest(): readonly Row[] {
    return this.#versions.slice(-2).flatMap(({ row }) => row ?? []);
  }

  /** Forgets what an aborted transaction wrote. */
  undo(transaction: SimulatedTransaction): void {
    this.#keep(this.#versions.filter(({ by }) => by !== transaction));
  }

  /** Forgets versions that nobody can see any more: all before the newest one that everybody sees. */
  prune(everybodySees: number): void {
    const last = this.#versions.findLastIndex(({ by }) => by.commitNumber <= everybodySees);
    if (last < 0) return;
    const isGone = last === this.#versions.length - 1 && this.#versions[last]?.row === null;
    if (isGone) this.#keep([]);
    else if (last > 0) this.#keep(this.#versions.slice(last));
  }

  #keep(versions: Version<Row>[]): void {
    const gone = this.#versions.filter((version) => !versions.includes(version)).flatMap(({ row }) => row ?? []);
    this.#versions = versions;
    this.table.forget(this, gone);
  }

  /** Whether anything of it is only kept for who began to look before. */
  get hasHistory(): boolean {
    return this.#versions.length > 1 || this.#versions[0]?.row === null;
  }

  get isEmpty(): boolean {
    return this.#versions.length === 0;
  }
}
