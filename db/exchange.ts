import type { Connection, Pool, PoolClient, Submittable } from 'pg';
import type { Statement, Value } from './statement.js';
import { valueTypes } from './types.js';
import { wireValue } from './wire-value.js';

/** One statement with its values. */
export interface Call<Row = unknown> {
  readonly statement: Statement<Row>;
  readonly values?: readonly Value[];
}

/** The rows of each call, in their order. */
export type Answers<Calls extends readonly Call[]> = {
  -readonly [Index in keyof Calls]: Calls[Index] extends Call<infer Row> ? Row[] : never;
};

/**
 * Sends statements together and waits once, for all of them: Postgres carries them out one after the other, each sees
 * what those before it did, and what comes after one that failed is not carried out. Whoever sends more than one opens
 * a transaction with the first or before it.
 *
 * `pg` waits for each statement by itself, and has each described each time; its way for kinds of queries of others
 * (`Submittable`) is taken here. See docs/adr/0024-statements-sent-together.md.
 */
export function exchange<const Calls extends readonly Call[]>(
  on: Pool | PoolClient,
  calls: Calls,
): Promise<Answers<Calls>> {
  return new Promise((resolve, reject) => {
    const query = on.query.bind(on) as (submittable: Submittable, values: undefined, done: Done) => void;
    query(new Exchange(calls), undefined, (error, rows) => (error ? reject(error) : resolve(rows as Answers<Calls>)));
  });
}

type Done = (error: Error | null | undefined, rows?: unknown[][]) => void;

/** What `pg` calls while the answers come in: the messages of the protocol, one by one. */
class Exchange implements Submittable {
  /** Set by `pg`. */
  callback: Done | null = null;
  readonly #calls: readonly Call[];
  readonly #answers: unknown[][];
  #known: KnownStatements | null = null;
  #at = 0;
  #failure: Error | null = null;

  constructor(calls: readonly Call[]) {
    this.#calls = calls;
    this.#answers = calls.map(() => []);
  }

  submit(connection: Connection): Error | null {
    const known = knownStatementsOf(connection as WireConnection);
    this.#known = known;
    const other = this.#calls.find(({ statement }) => known.isOther(statement));
    if (other) return new Error(`Two statements have the name ${other.statement.name}. This is a defect in Portolan.`);
    // One write for all messages.
    connection.stream.cork();
    try {
      for (const { statement, values = [] } of this.#calls) known.send(statement, values);
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
    return null;
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    const call = this.#calls[this.#at];
    if (call) this.#known?.describe(call.statement.name, fields);
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const call = this.#calls[this.#at];
    if (!call || this.#failure) return;
    try {
      this.#answers[this.#at]?.push(this.#known?.rowOf(call.statement.name, fields));
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    }
  }

  handleCommandComplete(): void {
    this.#at += 1;
  }

  handleEmptyQuery(): void {
    this.#at += 1;
  }

  handleError(error: Error): void {
    this.#known?.failed(this.#calls.slice(this.#at));
    this.callback?.(error);
  }

  handleReadyForQuery(): void {
    if (this.#failure) this.callback?.(this.#failure);
    else this.callback?.(null, this.#answers);
  }
}

/** A connection of `pg`, with what its types leave out. */
interface WireConnection extends Omit<Connection, 'bind' | 'describe' | 'execute' | 'parse'> {
  /** By name, the text: `pg` looks here too. */
  readonly parsedStatements: Record<string, string>;
  parse(message: { readonly name: string; readonly text: string }): void;
  bind(message: { readonly statement: string; readonly values: readonly (string | Buffer | null)[] }): void;
  describe(message: { readonly type: 'P'; readonly name: string }): void;
  execute(message: object): void;
}

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

/** How the fields of a row become an object. */
interface Shape {
  readonly names: readonly string[];
  readonly parsers: readonly ((text: string) => unknown)[];
  /** All rows of one shape begin as it. */
  readonly empty: Readonly<Record<string, unknown>>;
}

/** What one connection has prepared, and what the rows of each look like, which for a prepared statement never changes. */
class KnownStatements {
  readonly #connection: WireConnection;
  /** Sent to be parsed, in this order. */
  readonly #parsing: Statement<unknown>[] = [];
  /** By name; null: it was asked for, and is not told yet, or there are no rows. */
  readonly #shapes = new Map<string, Shape | null>();

  constructor(connection: WireConnection) {
    this.#connection = connection;
    connection.on('parseComplete', () => {
      const parsed = this.#parsing.shift();
      if (parsed) connection.parsedStatements[parsed.name] = parsed.text;
    });
  }

  isOther({ name, text }: Statement<unknown>): boolean {
    const parsed = this.#connection.parsedStatements[name];
    return parsed !== undefined && parsed !== text;
  }

  send(statement: Statement<unknown>, values: readonly Value[]): void {
    const { name, text } = statement;
    if (this.#connection.parsedStatements[name] === undefined && !this.#parsing.some((other) => other.name === name)) {
      this.#parsing.push(statement);
      this.#connection.parse({ name, text });
    }
    this.#connection.bind({ statement: name, values: values.map(wireValue) });
    if (!this.#shapes.has(name)) {
      this.#shapes.set(name, null);
      this.#connection.describe({ type: 'P', name: '' });
    }
    this.#connection.execute({});
  }

  describe(name: string, fields: readonly Field[]): void {
    const names = fields.map((field) => field.name);
    const parsers = fields.map((field) => valueTypes.getTypeParser(field.dataTypeID));
    this.#shapes.set(name, { names, parsers, empty: Object.fromEntries(names.map((field) => [field, null])) });
  }

  rowOf(name: string, fields: readonly (string | null)[]): object {
    const shape = this.#shapes.get(name);
    if (!shape) throw new Error(`Nobody said what the rows of ${name} look like. This is a defect in Portolan.`);
    const row: Record<string, unknown> = { ...shape.empty };
    for (let index = 0; index < fields.length; index += 1) {
      const text = fields[index] ?? null;
      const field = shape.names[index];
      if (text !== null && field !== undefined) row[field] = shape.parsers[index]?.(text);
    }
    return row;
  }

  /** What was to be parsed or described from these on never was. */
  failed(calls: readonly Call[]): void {
    this.#parsing.length = 0;
    for (const { statement } of calls)
      if (this.#shapes.get(statement.name) === null) this.#shapes.delete(statement.name);
  }
}

const known = new WeakMap<WireConnection, KnownStatements>();

function knownStatementsOf(connection: WireConnection): KnownStatements {
  const found = known.get(connection) ?? new KnownStatements(connection);
  known.set(connection, found);
  return found;
}
