import { type Client, Pool } from 'pg';
import type { Log } from '../lib/log.js';
import type { DatabaseConnection } from './connection.js';

export interface ConnectionPool {
  readonly pool: Pool;
  /** Takes connections from those who still have one: what they ask fails, and Postgres rolls it back. */
  cut(): void;
}

/** A pool that survives restarts of the server. Does not connect yet. */
export function createPool(
  connection: DatabaseConnection,
  options: { readonly log: Log; readonly size: number },
): ConnectionPool {
  const { log, size } = options;
  const pool = new Pool({ ...connection, ...sessionSettings, min: 0, max: size, idleTimeoutMillis: IDLE_TIMEOUT_MS });
  const held = new Set<Client>();
  // Without somebody who hears of it, a connection that is lost ends the process.
  pool.on('connect', (client) => client.on('error', ({ message }) => log.debug('A connection failed', { message })));
  pool.on('acquire', (client) => held.add(client as Client));
  pool.on('release', (_error, client) => held.delete(client as Client));
  pool.on('error', ({ message }) => log.debug('An idle connection failed', { message }));
  return {
    pool,
    cut() {
      if (held.size === 0) return;
      log.warn('Connections were held when the database was closed; they are cut', { count: held.size });
      for (const client of held) client.connection.stream.destroy();
    },
  };
}

/**
 * A statement is planned once for each connection, as its name promises; left to itself, Postgres plans anew each time
 * that an array is given. A plan that is made while the tables are empty has to be right when they are full, so it goes
 * by indexes. See docs/adr/0022-planned-once.md.
 */
const PLAN_ONCE = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off';
/** Also bounds the wait for a free connection of the pool, so it must outlast a burst: 2,000 edits at once take 12 s on two busy cores. */
const CONNECT_TIMEOUT_MS = 30_000;
/** No statement of ours takes seconds; one that hangs must not hold locks. */
const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 15_000;
const IDLE_TRANSACTION_TIMEOUT_MS = 60_000;
const IDLE_TIMEOUT_MS = 60_000;

/** What every connection of ours is told when it begins. */
export const sessionSettings = {
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  statement_timeout: STATEMENT_TIMEOUT_MS,
  lock_timeout: LOCK_TIMEOUT_MS,
  idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
  options: PLAN_ONCE,
  keepAlive: true,
  application_name: 'portolan',
} as const;
