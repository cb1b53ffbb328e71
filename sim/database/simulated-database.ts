import type { Clock } from '../../lib/clock.js';
import type { Random } from '../../lib/random.js';
import type { Scheduler } from '../scheduler.js';
import { createConnection, type SimulatedConnection } from './connection.js';
import { Engine } from './engine.js';
import type { TableName, Tables } from './schema.js';
import { REVISION_SEQUENCE } from './statements/revisions.js';
import type { Table } from './table.js';

/**
 * What becomes of one message to the database and its answer. `requestLost`: it was not carried out. `replyLost`: it was,
 * and nobody heard of it. Either way the connection is gone, and with it the transaction, if it is not over by then.
 */
export type Fate = 'delivered' | 'requestLost' | 'replyLost';

export interface Message {
  /** The name of the connection. */
  readonly connection: string;
  readonly what: 'begin' | 'statement' | 'commit' | 'rollback';
  /** Of a statement; empty otherwise. */
  readonly name: string;
}

export interface SimulatedDatabaseOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** Asked once for each message. Default: all are delivered. */
  fateOf?(message: Message): Fate;
}

type RowOf<Name extends TableName> = Tables[Name] extends Table<infer Row> ? Row : never;

/** Postgres in memory, as far as store, feed and reads use it, on virtual time. Everybody who uses it has a connection. */
export interface SimulatedDatabase {
  readonly isUp: boolean;
  /** A pool of connections of one process. `name` is for the trace. */
  connect(name: string): SimulatedConnection;
  /** Transactions under way are rolled back, their callers see a connection failure, and nobody gets in until `restart`. */
  crash(): void;
  restart(): void;
  /** How many transactions that wrote something have committed. */
  readonly commits: number;
  /** What is committed, in the order in which it was first written. */
  rows<Name extends TableName>(table: Name): readonly RowOf<Name>[];
  /** All tables, for comparing. */
  dump(): Readonly<Record<TableName, readonly object[]>>;
  /** Titles of transactions under way, and what they wait for; null: for nothing. */
  transactions(): readonly { readonly title: string; readonly waitsFor: string | null }[];
}

export function createSimulatedDatabase(options: SimulatedDatabaseOptions): SimulatedDatabase {
  const engine = new Engine(options);
  // As in db/migrations/0001-foundation.ts: the last value is always one that was given out.
  engine.setValue(REVISION_SEQUENCE, 1n);
  const connections = new Set<SimulatedConnection>();
  let isUp = true;
  const rows = (name: TableName): readonly object[] =>
    engine.committed(engine.tables[name] as unknown as Table<object>);
  return {
    get isUp() {
      return isUp;
    },
    get commits() {
      return engine.commits;
    },
    connect(name) {
      const connection = createConnection({
        engine,
        name,
        isUp: () => isUp,
        fateOf: (message) => options.fateOf?.(message) ?? 'delivered',
        onEnd: () => connections.delete(connection),
      });
      connections.add(connection);
      return connection;
    },
    crash() {
      isUp = false;
      for (const connection of connections) connection.cut();
      setSequenceBack(engine);
    },
    restart() {
      isUp = true;
    },
    rows: (name) => rows(name) as never,
    dump: () => Object.fromEntries(Object.keys(engine.tables).map((name) => [name, rows(name as TableName)])) as never,
    transactions: () =>
      [...engine.active].map(({ title, waiting }) => ({ title, waitsFor: waiting?.lock.what ?? null })),
  };
}

/** Postgres logs a sequence this far ahead (SEQ_LOG_VALS), and not at all for transactions that never came to disk. */
const LOGGED_AHEAD = 32;

/** After a crash a number that was rolled back may be given out again, or some may be passed over. */
function setSequenceBack(engine: Engine): void {
  const committed = engine.committed(engine.tables.revision).reduce((most, { seq }) => (seq > most ? seq : most), 1n);
  const ahead = Number(engine.lastValue(REVISION_SEQUENCE) - committed) + LOGGED_AHEAD;
  engine.setValue(REVISION_SEQUENCE, committed + BigInt(engine.random.below(ahead + 1)));
}
