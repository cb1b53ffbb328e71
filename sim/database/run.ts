import type { AdvisoryKey, Engine } from './engine.js';
import type { Strength } from './lock.js';
import type { Tables } from './schema.js';
import { sqlError } from './sql-error.js';
import type { ForeignKey, Index, Table, UniqueKey } from './table.js';
import type { SimulatedTransaction } from './transaction.js';
import type { Tuple } from './tuple.js';

/** A row as the statement saw it first, and where it is. */
export interface Found<Row extends object> {
  readonly tuple: Tuple<Row>;
  readonly row: Row;
}

type Matches<Row> = (row: Row) => boolean;
const always = () => true;

/**
 * One statement under way. It reads what was committed when it began, and what its own transaction wrote; where it writes
 * or locks it waits for others, and then goes on with the newest version, if that still matches (read committed, as
 * "EvalPlanQual" in Postgres has it). What a statement reads it should read before it writes.
 */
export class Run {
  readonly engine: Engine;
  readonly transaction: SimulatedTransaction;
  readonly tables: Tables;
  #sees: number;
  /** Checks and cascades of foreign keys, which come after all rows were written. */
  #after: (() => Promise<void>)[] = [];

  constructor(engine: Engine, transaction: SimulatedTransaction) {
    this.engine = engine;
    this.transaction = transaction;
    this.tables = engine.tables;
    this.#sees = transaction.isSnapshot ? transaction.sees : engine.commits;
  }

  get sees(): number {
    return this.#sees;
  }

  /** `now()`: when the transaction began. */
  get nowMs(): number {
    return this.transaction.beganMs;
  }

  /** `clock_timestamp()` */
  get clockMs(): number {
    return this.engine.clock.now();
  }

  /** Something else may come in between. */
  step(what: string): Promise<void> {
    return this.engine.scheduler.step(`${this.transaction.title} ${what}`).then(() => this.#goOn());
  }

  /** `pg_advisory_xact_lock` */
  async lockAdvisory(key: AdvisoryKey, strength: 'share' | 'noKeyUpdate' = 'noKeyUpdate'): Promise<void> {
    await this.engine.lock(this.transaction, this.engine.advisoryLock(key), strength);
    this.#goOn();
  }

  seen<Row extends object>(tuple: Tuple<Row>): Row | null {
    return tuple.seen(this.transaction, this.#sees);
  }

  find<Row extends object>(index: Index<Row>, keys: Iterable<string>): Found<Row>[] {
    const found: Found<Row>[] = [];
    for (const key of new Set(keys)) {
      for (const tuple of index.at(key)) {
        const row = tuple.seen(this.transaction, this.#sees);
        if (row && index.keysOf(row).includes(key)) found.push({ tuple, row });
      }
    }
    return found;
  }

  rows<Row extends object>(index: Index<Row>, keys: Iterable<string>): Row[] {
    return this.find(index, keys).map(({ row }) => row);
  }

  one<Row extends object>(index: Index<Row>, key: string): Row | null {
    for (const tuple of index.at(key)) {
      const row = tuple.seen(this.transaction, this.#sees);
      if (row && index.keysOf(row).includes(key)) return row;
    }
    return null;
  }

  all<Row extends object>(table: Table<Row>): Row[] {
    return [...table.tuples].flatMap((tuple) => tuple.seen(this.transaction, this.#sees) ?? []);
  }

  /** `for ... of`: locks one after the other, in the order given. What is gone, or does not match any more, is left out. */
  async lock<Row extends object>(
    found: readonly Found<Row>[],
    strength: Strength,
    matches: Matches<Row> = always,
  ): Promise<Found<Row>[]> {
    this.#refuseWrites();
    const locked: Found<Row>[] = [];
    for (const { tuple, row } of found) {
      await this.#hold(tuple, strength);
      const newest = tuple.settled(this.transaction);
      if (!newest) continue;
      // Who changed no key was not in the way of key share, so what that one wrote is not looked at.
      const isSame = newest === row || (strength === 'keyShare' && tuple.hasKeySince(row));
      if (isSame) locked.push({ tuple, row });
      else if (matches(newest)) locked.push({ tuple, row: newest });
    }
    return locked;
  }

  async insert<Row extends object>(table: Table<Row>, row: Row): Promise<void> {
    await this.#insert(table, row, null);
  }

  /** `on conflict do nothing`. Whether it was inserted. */
  async insertNew<Row extends object>(table: Table<Row>, row: Row): Promise<boolean> {
    for (;;) {
      for (const key of table.uniques) if (await this.#ownerOf(key, row, null)) return false;
      if (await this.#insert(table, row, table.uniques)) return true;
    }
  }

  /**
   * `on conflict (key) do update`: `change` gets what is there, be it visible or not; null: it is left as it is, and locked.
   * Answers with what was written, if anything.
   */
  async upsert<Row extends object>(
    table: Table<Row>,
    keyName: string,
    row: Row,
    change: (before: Row) => Row | null,
  ): Promise<{ readonly row: Row; readonly isNew: boolean } | null> {
    const key = table.unique(keyName);
    for (;;) {
      const owner = await this.#ownerOf(key, row, null);
      if (!owner) {
        if (await this.#insert(table, row, [key])) return { row, isNew: true };
        continue;
      }
      await this.#hold(owner, 'noKeyUpdate');
      const before = owner.settled(this.transaction);
      if (!before || key.keyOf(before) !== key.keyOf(row)) continue;
      const after = change(before);
      if (!after) return null;
      await this.#write(owner, before, after);
      return { row: after, isNew: false };
    }
  }

  /** Answers with what was written; null when the row is gone or does not match any more. */
  async update<Row extends object>(
    { tuple, row }: Found<Row>,
    change: (before: Row) => Row,
    matches: Matches<Row> = always,
  ): Promise<Row | null> {
    this.#refuseWrites();
    for (let before = row; ; ) {
      const after = change(before);
      await this.#hold(tuple, tuple.table.hasSameKeys(before, after) ? 'noKeyUpdate' : 'update');
      const newest = tuple.settled(this.transaction);
      if (!newest || (newest !== before && !matches(newest))) return null;
      if (newest === before) {
        await this.#write(tuple, before, after);
        return after;
      }
      before = newest;
    }
  }

  /** Answers with what was deleted. */
  async remove<Row extends object>({ tuple, row }: Found<Row>, matches: Matches<Row> = always): Promise<Row | null> {
    this.#refuseWrites();
    await this.#hold(tuple, 'update');
    const newest = tuple.settled(this.transaction);
    if (!newest || (newest !== row && !matches(newest))) return null;
    tuple.write(this.transaction, null);
    const id = tuple.table.primary.keysOf(newest)[0] ?? '';
    for (const { table, key } of tuple.table.referrers)
      this.#after.push(() => this.#leave(tuple.table.name, table, key, id));
    return newest;
  }

  /** Before its answer. */
  async finish(): Promise<void> {
    for (let first = this.#after.shift(); first; first = this.#after.shift()) await first();
  }

  async #insert<Row extends object>(
    table: Table<Row>,
    row: Row,
    /** If somebody else takes one of these meanwhile it is given up, instead of failing. */
    contested: readonly UniqueKey<Row>[] | null,
  ): Promise<boolean> {
    this.#refuseWrites();
    const tuple = table.newTuple(row);
    tuple.lock.take(this.transaction, 'update');
    tuple.write(this.transaction, row);
    for (const key of table.uniques) {
      if (await this.#ownerOf(key, row, tuple)) {
        if (!contested?.some((other) => other.name === key.name)) throw violation(key);
        tuple.undo(this.transaction);
        return false;
      }
      table.enter(key.index, tuple, row);
    }
    table.enterOthers(tuple, row);
    for (const key of table.references) {
      if (key.targetOf(row) !== null) this.#after.push(() => this.#requireTarget(table, key, row));
    }
    return true;
  }

  async #write<Row extends object>(tuple: Tuple<Row>, before: Row, after: Row): Promise<void> {
    const { table } = tuple;
    tuple.write(this.transaction, after);
    for (const key of table.uniques) {
      if (key.keyOf(before) === key.keyOf(after)) continue;
      if (await this.#ownerOf(key, after, tuple)) throw violation(key);
      table.enter(key.index, tuple, after);
    }
    table.enterOthers(tuple, after);
    for (const key of table.references) {
      const target = key.targetOf(after);
      if (target !== null && target !== key.targetOf(before)) {
        this.#after.push(() => this.#requireTarget(table, key, after));
      }
    }
  }

  /** Who has a key, once nobody is about to take it or to give it up. */
  async #ownerOf<Row extends object>(
    key: UniqueKey<Row> & { readonly index: Index<Row> },
    row: Row,
    self: Tuple<Row> | null,
  ): Promise<Tuple<Row> | null> {
    const wanted = key.keyOf(row);
    if (wanted === null) return null;
    for (;;) {
      let writer: SimulatedTransaction | null = null;
      for (const tuple of key.index.at(wanted)) {
        if (tuple === self) continue;
        writer = tuple.writer(this.transaction);
        if (writer && tuple.newest.some((version) => key.keyOf(version) === wanted)) break;
        writer = null;
        const current = tuple.settled(this.transaction);
        if (current && key.keyOf(current) === wanted) return tuple;
      }
      if (!writer) return null;
      await this.engine.lock(this.transaction, writer.end, 'keyShare');
      this.#goOn();
    }
  }

  async #hold<Row extends object>(tuple: Tuple<Row>, strength: Strength): Promise<void> {
    if (tuple.lock.take(this.transaction, strength)) return;
    await this.engine.lock(this.transaction, tuple.lock, strength);
    this.#goOn();
  }

  /** The check of a foreign key: what it refers to must be there and stay. */
  async #requireTarget<Row extends object>(table: Table<Row>, key: ForeignKey<Row>, row: Row): Promise<void> {
    const id = key.targetOf(row) ?? '';
    const targets = [...(table.target?.primary.at(id) ?? [])].filter((tuple) => this.#isSeenNow(tuple));
    for (const tuple of targets) {
      await this.#hold(tuple, 'keyShare');
      if (tuple.settled(this.transaction)) return;
    }
    const message = `insert or update on table "${table.name}" violates foreign key constraint "${key.name}"`;
    throw sqlError('23503', message, key.name);
  }

  /** What a deletion does to those that refer to what is gone. */
  async #leave(from: string, table: Table<object>, key: ForeignKey<object>, id: string): Promise<void> {
    for (const tuple of [...key.index.at(id)]) {
      const row = this.#isSeenNow(tuple) ? tuple.settled(this.transaction) : null;
      if (!row || key.targetOf(row) !== id) continue;
      if (key.onDelete === 'cascade') {
        await this.remove({ tuple, row }, (newest) => key.targetOf(newest) === id);
        continue;
      }
      await this.#hold(tuple, 'keyShare');
      const newest = tuple.settled(this.transaction);
      if (!newest || key.targetOf(newest) !== id) continue;
      const [code, setting] = key.onDelete === 'restrict' ? ['23001', 'RESTRICT setting of '] : ['23503', ''];
      const message = `update or delete on table "${from}" violates ${setting}foreign key constraint "${key.name}" on table "${table.name}"`;
      throw sqlError(code, message, key.name);
    }
  }

  #isSeenNow<Row extends object>(tuple: Tuple<Row>): boolean {
    return tuple.seen(this.transaction, this.engine.commits) !== null;
  }

  #refuseWrites(): void {
    if (this.transaction.isSnapshot) throw sqlError('25006', 'cannot execute this in a read-only transaction');
  }

  /** After others had their turn: its connection may be gone. */
  #goOn(): void {
    if (this.transaction.lost) throw this.transaction.lost;
  }
}

function violation<Row>(key: UniqueKey<Row>): Error {
  return sqlError('23505', `duplicate key value violates unique constraint "${key.name}"`, key.name);
}
