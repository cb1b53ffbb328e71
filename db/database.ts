import type { MikroORM } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { sleep, systemClock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import { type DatabaseConnection, parseDatabaseUrl } from './connection.js';
import { type Answers, type Call, exchange } from './exchange.js';
import { DatabaseUnavailableError, databaseFailure } from './failure.js';
import { createPool } from './pool.js';
import { type Statement, statement, type Value } from './statement.js';
import { transact } from './transact.js';

/** Runs statements, each by itself or within the transaction that it stands for. */
export interface Queryable {
  query<Row>(statement: Statement<Row>, values?: readonly Value[]): Promise<Row[]>;
}

/** One transaction. It begins with the first that is asked of it, in the same message. */
export interface Transaction extends Queryable {
  /** Runs these one after the other, in one round trip; each sees what those before it did. None runs after one that fails. */
  queryAll<const Calls extends readonly Call[]>(calls: Calls): Promise<Answers<Calls>>;
  /** Runs these as the last ones, and commits with them in one round trip. Nothing can be asked afterwards. */
  commitWith<const Calls extends readonly Call[]>(calls: Calls): Promise<Answers<Calls>>;
}

/** What store, feed and reads use of a database. */
export interface Database extends Queryable {
  readonly connection: DatabaseConnection;
  /** Read committed. Commits when `work` resolves, unless it did so itself; rolls back when it throws. Not retried. */
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** All reads of `work` see the same moment, and Postgres refuses every write. */
  snapshot<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** What was asked before is answered, within three seconds, or fails; what is asked later is refused. Nobody keeps a connection. */
  close(): Promise<void>;
}

/**
 * Prepared SQL over one pool, and MikroORM beside it. Statements with a name cannot go through MikroORM 7: it formats
 * values into the text and hands kysely a text without a name, so Postgres would plan each time.
 */
export interface PostgresDatabase extends Database {
  /**
   * For migrations, and for units of work on tables that rarely change. Loaded and opened when it is asked for first: it
   * is most of what a start could spend, and most starts do not need it.
   */
  orm(): Promise<MikroORM>;
}

export interface DatabaseOptions {
  readonly connection: DatabaseConnection | { readonly url: string };
  readonly log: Log;
  /** Connections at most. Default 16. */
  readonly poolSize?: number;
}

/** Connects once, so that a database that is down is told at once. Throws DatabaseUnavailableError. Survives its restarts. */
export async function openDatabase(options: DatabaseOptions): Promise<PostgresDatabase> {
  const { connection: given, log } = options;
  const connection = 'url' in given ? parseDatabaseUrl(given.url) : given;
  const { pool, cut } = createPool(connection, { log, size: options.poolSize ?? DEFAULT_POOL_SIZE });
  let orm: Promise<MikroORM> | null = null;
  let isClosing = false;
  const whileOpen = <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (!isClosing) return translated(connection, work);
    const next = 'Ask a server that goes on, or this one once it is started again.';
    return Promise.reject(new DatabaseUnavailableError(connection, 'this process is closing it', next));
  };
  const database: PostgresDatabase = {
    connection,
    orm() {
      orm ??= import('./orm.js').then(({ openOrm }) => openOrm(connection, log));
      return orm;
    },
    query: (statement, values) => whileOpen(() => run(pool, statement, values)),
    transaction: (work) => whileOpen(() => transact(pool, BEGIN, work)),
    snapshot: (work) => whileOpen(() => transact(pool, BEGIN_SNAPSHOT, work)),
    async close() {
      isClosing = true;
      await closeWithin(pool, orm, CLOSE_WITHIN_MS);
      cut();
    },
  };
  try {
    await database.query(PING);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

const DEFAULT_POOL_SIZE = 16;
/** A connection that somebody still holds must not keep a process from stopping; Postgres rolls back what it had open. */
const CLOSE_WITHIN_MS = 3_000;
const PING = statement<{ one: number }>('database.ping', 'select 1 as one');
const BEGIN = statement('database.begin', 'begin');
const BEGIN_SNAPSHOT = statement(
  'database.begin-snapshot',
  'begin transaction isolation level repeatable read read only',
);
const WAITING_POLL_MS = 5;

/**
 * The pool ends when every connection was given back, which may be never. It forgets who waits for one when it begins to
 * end: they, and a transaction that waits for what they ask, would hang until their time-out. So they are served first.
 */
async function closeWithin(pool: Pool, orm: Promise<MikroORM> | null, limitMs: number): Promise<void> {
  const ended = new AbortController();
  const closing = serveWaiting(pool, ended.signal)
    .then(() => Promise.all([pool.end(), orm?.then((opened) => opened.close(true))]))
    .finally(() => ended.abort());
  await Promise.race([closing, sleep(systemClock, limitMs, ended.signal)]);
  ended.abort();
}

async function serveWaiting(pool: Pool, signal: AbortSignal): Promise<void> {
  while (pool.waitingCount > 0 && !signal.aborted) await sleep(systemClock, WAITING_POLL_MS, signal);
}

async function run<Row>(on: Pool, asked: Statement<Row>, values: readonly Value[] = []): Promise<Row[]> {
  const [rows] = await exchange(on, [{ statement: asked, values }]);
  return rows;
}

async function translated<Result>(connection: DatabaseConnection, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw databaseFailure(error, connection);
  }
}
