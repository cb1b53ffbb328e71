import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Pool, PoolClient } from 'pg';
import { sleep, systemClock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import { type DatabaseConnection, parseDatabaseUrl } from './connection.js';
import { DatabaseUnavailableError, databaseFailure, isConnectionFailure } from './failure.js';
import { openOrm } from './orm.js';
import type { Statement, Value } from './statement.js';
import { valueTypes } from './types.js';

/** Runs statements, each by itself or within the transaction that it stands for. */
export interface Queryable {
  query<Row>(statement: Statement<Row>, values?: readonly Value[]): Promise<Row[]>;
}

export type Transaction = Queryable;

/**
 * Prepared SQL and MikroORM over one pool. Statements with a name cannot go through MikroORM 7: it formats values into
 * the text and hands kysely a text without a name, so Postgres would plan each time. So they take a client from the
 * ORM's own pool (`getNativeClient`), and units of work of the ORM are for cold tables, in transactions of their own.
 */
export interface Database extends Queryable {
  readonly connection: DatabaseConnection;
  readonly orm: MikroORM;
  /** A fresh unit of work for cold tables. */
  fork(): EntityManager;
  /** Read committed. Commits when `work` resolves, rolls back when it throws. Not retried. */
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** All reads of `work` see the same moment, and Postgres refuses every write. */
  snapshot<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** What was asked before is answered, within three seconds; what is asked later is refused. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly connection: DatabaseConnection | { readonly url: string };
  readonly log: Log;
  /** Connections at most. Default 16. */
  readonly poolSize?: number;
}

/** Connects once, so that a database that is down is told at once. Throws DatabaseUnavailableError. Survives its restarts. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { connection: given, log } = options;
  const connection = 'url' in given ? parseDatabaseUrl(given.url) : given;
  const orm = await openOrm(connection, { log, poolSize: options.poolSize ?? DEFAULT_POOL_SIZE });
  const pool: Pool = await orm.em.getConnection().getNativeClient();
  let isClosing = false;
  const whileOpen = <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (!isClosing) return translated(connection, work);
    const next = 'Ask a server that goes on, or this one once it is started again.';
    return Promise.reject(new DatabaseUnavailableError(connection, 'this process is closing it', next));
  };
  const database: Database = {
    connection,
    orm,
    fork: () => orm.em.fork(),
    query: (statement, values) => whileOpen(() => run(pool, statement, values)),
    transaction: (work) => whileOpen(() => transact(pool, 'begin', work)),
    snapshot: (work) => whileOpen(() => transact(pool, BEGIN_SNAPSHOT, work)),
    close() {
      isClosing = true;
      return closeWithin(orm, pool, CLOSE_WITHIN_MS);
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
const PING: Statement<{ one: number }> = { name: 'database.ping', text: 'select 1 as one' };
const BEGIN_SNAPSHOT = 'begin transaction isolation level repeatable read read only';
const WAITING_POLL_MS = 5;
/** Idle connections of a restarted server fail at their first use; a new one is tried as often as this. */
const BEGIN_ATTEMPTS = 3;

/**
 * The pool ends when every connection was given back, which may be never. It forgets who waits for one when it begins to
 * end: they, and a transaction that waits for what they ask, would hang until their time-out. So they are served first.
 */
async function closeWithin(orm: MikroORM, pool: Pool, limitMs: number): Promise<void> {
  const ended = new AbortController();
  const closing = serveWaiting(pool, ended.signal)
    .then(() => orm.close(true))
    // The ORM ends the pool only if it has run a statement of its own.
    .then(() => (pool.ending ? undefined : pool.end()))
    .finally(() => ended.abort());
  await Promise.race([closing, sleep(systemClock, limitMs, ended.signal)]);
  ended.abort();
}

async function serveWaiting(pool: Pool, signal: AbortSignal): Promise<void> {
  while (pool.waitingCount > 0 && !signal.aborted) await sleep(systemClock, WAITING_POLL_MS, signal);
}

async function run<Row>(
  on: Pool | PoolClient,
  statement: Statement<Row>,
  values: readonly Value[] = [],
): Promise<Row[]> {
  const { name, text } = statement;
  const result = await on.query({ name, text, values: [...values], types: valueTypes });
  return result.rows;
}

async function transact<Result>(
  pool: Pool,
  beginning: string,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const client = await begin(pool, beginning);
  let failure: unknown = null;
  try {
    const result = await work({ query: (statement, values) => run(client, statement, values) });
    await client.query('commit');
    return result;
  } catch (error) {
    failure = error;
    await client.query('rollback').catch((second) => {
      failure = second;
    });
    throw error;
  } finally {
    client.release(failure !== null && isConnectionFailure(failure));
  }
}

async function begin(pool: Pool, beginning: string): Promise<PoolClient> {
  for (let attempt = 1; ; attempt += 1) {
    const client = await pool.connect();
    try {
      await client.query(beginning);
      return client;
    } catch (error) {
      client.release(true);
      if (attempt === BEGIN_ATTEMPTS || !isConnectionFailure(error)) throw error;
    }
  }
}

async function translated<Result>(connection: DatabaseConnection, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw databaseFailure(error, connection);
  }
}
