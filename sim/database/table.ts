import { Tuple } from './tuple.js';

export interface UniqueKey<Row> {
  /** As Postgres names the constraint or index. */
  readonly name: string;
  /** null: not in it, where it is partial. */
  keyOf(row: Row): string | null;
  /** Partial indexes and those over expressions cannot be referred to, so a change of them is no change of a key. */
  readonly isPartial?: boolean;
}

export interface ForeignKey<Row extends object> {
  readonly name: string;
  targetOf(row: Row): string | null;
  /** Where rows are found by it. */
  readonly index: Index<Row>;
  readonly onDelete: 'cascade' | 'restrict' | 'noAction';
}

/** Rows by keys: of each row none, one or several. Entries of versions that somebody may still see are kept. */
export class Index<Row extends object> {
  readonly keysOf: (row: Row) => readonly string[];
  readonly #tuples = new Map<string, Set<Tuple<Row>>>();

  constructor(keysOf: (row: Row) => string | null | readonly string[]) {
    this.keysOf = (row) => {
      const keys = keysOf(row);
      if (keys === null) return [];
      return typeof keys === 'string' ? [keys] : keys;
    };
  }

  at(key: string): Iterable<Tuple<Row>> {
    return this.#tuples.get(key) ?? [];
  }

  add(key: string, tuple: Tuple<Row>): void {
    const tuples = this.#tuples.get(key);
    if (tuples) tuples.add(tuple);
    else this.#tuples.set(key, new Set([tuple]));
  }

  delete(key: string, tuple: Tuple<Row>): void {
    const tuples = this.#tuples.get(key);
    tuples?.delete(tuple);
    if (tuples?.size === 0) this.#tuples.delete(key);
  }
}

/** A column that refers to the primary key of another table. */
export function foreignKey<Row extends object>(
  name: string,
  targetOf: (row: Row) => string | null,
  onDelete: ForeignKey<Row>['onDelete'],
): ForeignKey<Row> {
  return { name, targetOf, index: new Index<Row>(targetOf), onDelete };
}

export interface TableOptions<Row extends object> {
  readonly name: string;
  /** In the order in which Postgres checks them: the primary key first. */
  readonly uniques: readonly UniqueKey<Row>[];
  readonly indexes?: readonly Index<Row>[];
  readonly references?: readonly ForeignKey<Row>[];
}

export class Table<Row extends object> {
  readonly name: string;
  readonly uniques: readonly (UniqueKey<Row> & { readonly index: Index<Row> })[];
  readonly references: readonly ForeignKey<Row>[];
  /** Those of other tables that refer to this one, in the order in which they were made. */
  readonly referrers: { readonly table: Table<object>; readonly key: ForeignKey<object> }[] = [];
  /** Where its own references lead. */
  target: Table<object> | null = null;
  readonly #indexes: readonly Index<Row>[];
  readonly #all: readonly Index<Row>[];
  readonly #tuples = new Set<Tuple<Row>>();

  constructor(options: TableOptions<Row>) {
    this.name = options.name;
    this.uniques = options.uniques.map((key) => ({ ...key, index: new Index<Row>((row) => key.keyOf(row)) }));
    this.references = options.references ?? [];
    this.#indexes = [...(options.indexes ?? []), ...this.references.map((key) => key.index)];
    this.#all = [...this.uniques.map((key) => key.index), ...this.#indexes];
  }

  get tuples(): Iterable<Tuple<Row>> {
    return this.#tuples;
  }

  /** The primary key. */
  get primary(): Index<Row> {
    const [first] = this.uniques;
    if (!first) throw new Error(`The table ${this.name} has no primary key.`);
    return first.index;
  }

  /** Its rows by a reference of theirs. */
  by(name: string): Index<Row> {
    const found = this.references.find((key) => key.name === name);
    if (!found) throw new Error(`The table ${this.name} has no reference ${name}.`);
    return found.index;
  }

  /** Of all its references, which go to one table. */
  refersTo(target: Table<object>): void {
    this.target = target;
    for (const key of this.references) {
      target.referrers.push({ table: this as unknown as Table<object>, key: key as unknown as ForeignKey<object> });
    }
  }

  unique(name: string): UniqueKey<Row> & { readonly index: Index<Row> } {
    const found = this.uniques.find((key) => key.name === name);
    if (!found) throw new Error(`The table ${this.name} has no unique key ${name}.`);
    return found;
  }

  /** Who refers to a row by its key must not be surprised by its change. */
  hasSameKeys(before: Row, after: Row): boolean {
    return this.uniques.every((key) => key.isPartial === true || key.keyOf(before) === key.keyOf(after));
  }

  newTuple(row: Row): Tuple<Row> {
    const tuple = new Tuple<Row>(this, `${this.name} ${this.uniques[0]?.keyOf(row) ?? ''}`);
    this.#tuples.add(tuple);
    return tuple;
  }

  enter(index: Index<Row>, tuple: Tuple<Row>, row: Row): void {
    for (const key of index.keysOf(row)) index.add(key, tuple);
  }

  /** In all indexes that are not unique. */
  enterOthers(tuple: Tuple<Row>, row: Row): void {
    for (const index of this.#indexes) this.enter(index, tuple, row);
  }

  /** Versions went: forgets entries that none of the others has, and the row when there is no version. */
  forget(tuple: Tuple<Row>, gone: readonly Row[]): void {
    const left = tuple.rows();
    for (const index of this.#all) {
      for (const row of gone) {
        for (const key of index.keysOf(row)) {
          if (!left.some((other) => index.keysOf(other).includes(key))) index.delete(key, tuple);
        }
      }
    }
    if (tuple.isEmpty) this.#tuples.delete(tuple);
  }
}
