import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Client } from 'pg';
import type { Log } from '../lib/log.js';
import type { DatabaseConnection } from './connection.js';
import { findBinaries } from './embedded/binaries.js';
import { startGuard, waitForGuard } from './embedded/guard.js';
import { keepServer } from './embedded/keep-server.js';
import { isOwnedByLiveProcess, writeOwner } from './embedded/owner.js';
import { type Placement, placeEmbedded } from './embedded/placement.js';
import { findRunningServer, isAlive, type RunningServer, runProgram, startServer } from './embedded/server.js';
import { codeOf } from './failure.js';

export interface EmbeddedOptions {
  /** Where the data lives. Made when absent. */
  readonly folder: string;
  readonly log: Log;
  /** false only for databases that may be lost, such as those of tests. Default true. */
  readonly fsync?: boolean;
  /** Default 100. */
  readonly maxConnections?: number;
  /** How long the server goes on when this process is killed, for the next start to adopt it; in seconds. Default 30. */
  readonly graceS?: number;
}

export interface EmbeddedPostgres {
  readonly connection: DatabaseConnection;
  /** Of the server as it was found or started first. */
  readonly pid: number;
  /** Where its files are: below the folder that was named, or elsewhere if the server could not reach that. */
  readonly homeFolder: string;
  /** Stops the server by a fast shutdown, which rolls back what is open; leaves it alone if another live process started it. */
  close(): Promise<void>;
}

/**
 * Starts the Postgres that comes with Portolan, reachable through a unix socket that only this user can open.
 *
 * The data folder is absent (then initdb makes it under another name and renames it, so that a killed initdb leaves
 * nothing half done), at rest (then it is started), or has a server on it (then that is adopted). A server outlives a
 * killed Portolan for a while and is adopted by the next start, which then also stops it; without one it ends by itself.
 * One that ends while Portolan lives is started again.
 * Throws an Error that says what, where, why and what next.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  if (process.platform === 'win32') {
    throw new Error('Portolan cannot run its own Postgres on Windows. Set DATABASE_URL to a Postgres 15 or newer.');
  }
  const placement = await placeEmbedded(options.folder, await findBinaries(), options.log);
  const isTaken = await isOwnedByLiveProcess(placement.folder);
  await using opened = new AsyncDisposableStack();
  // Before anything of ours runs, for we may be killed at any moment.
  const watch = async () => {
    await writeOwner(placement.folder);
    await waitForGuard(placement.folder);
    const guard = startGuard({ placement, graceS: options.graceS ?? DEFAULT_GRACE_S });
    opened.defer(() => guard.dismiss());
  };
  if (!isTaken) await watch();
  const adopted = await findRunningServer(placement);
  if (adopted) options.log.info('Adopted the Postgres that runs on this data folder', { pid: adopted.pid });
  // Its owner lives, and has no server any more.
  else if (isTaken) await watch();
  const server = adopted ?? (await startOwn(placement, options));
  // Without a child of ours, somebody else started it: a moment ago, or before it was killed.
  const wasQuicker = adopted === null && server.child === null;
  const isShared = wasQuicker || (adopted !== null && isTaken);
  const connection = { host: server.socketFolder, port: server.port, user: USER, database: DATABASE };
  if (!isShared) {
    const kept = keepServer({ server, start: () => startOwn(placement, options), log: options.log });
    opened.defer(() => kept.stop());
    await writeOwner(placement.folder);
  }
  await ensureDatabase(connection);
  // What is somebody else's has a guard of theirs.
  const closing = isShared ? null : opened.move();
  return {
    connection,
    pid: server.pid,
    homeFolder: placement.homeFolder,
    async close() {
      await closing?.disposeAsync();
    },
  };
}

const USER = 'portolan';
const DATABASE = 'portolan';
const DEFAULT_MAX_CONNECTIONS = 100;
/** A restart after a crash is over by then, a person's second try too. */
const DEFAULT_GRACE_S = 30;
/** duplicate_database, unique_violation */
const TAKEN = new Set(['42P04', '23505']);
const HALF_MADE = '.new-';

async function startOwn(placement: Placement, options: EmbeddedOptions): Promise<RunningServer> {
  await ensureInitialized(placement, options.log);
  const server = await startServer(placement, {
    fsync: options.fsync ?? true,
    maxConnections: options.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
  });
  options.log.info('Started the embedded Postgres', { pid: server.pid, data: placement.dataFolder });
  return server;
}

async function ensureInitialized(placement: Placement, log: Log): Promise<void> {
  const found = await readFile(join(placement.dataFolder, 'PG_VERSION'), 'utf8').catch(() => null);
  if (found !== null) return refuseOtherVersion(placement, found.trim());
  log.info('Making a database', { data: placement.dataFolder });
  await removeHalfMade(placement.dataFolder);
  const partial = `${placement.dataFolder}${HALF_MADE}${process.pid}-${randomBytes(4).toString('hex')}`;
  const made = await runProgram(placement, placement.binaries.initdb, [
    `--pgdata=${partial}`,
    `--username=${USER}`,
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
  ]);
  if (made.code !== 0) {
    await rm(partial, { recursive: true, force: true });
    throw new Error(
      `Cannot make a database in ${placement.dataFolder}: initdb ended with ${made.code ?? 'a signal'}: ${made.output.trim()}\n` +
        'Make room or give rights there, or set DATABASE_URL to a Postgres of your own; then start again.',
    );
  }
  // Another process may have been quicker; its database is as good.
  await rename(partial, placement.dataFolder).catch(() => rm(partial, { recursive: true, force: true }));
}

/** What a killed initdb left behind. */
async function removeHalfMade(dataFolder: string): Promise<void> {
  const prefix = `${basename(dataFolder)}${HALF_MADE}`;
  for (const name of await readdir(dirname(dataFolder))) {
    if (!name.startsWith(prefix) || isAlive(Number.parseInt(name.slice(prefix.length), 10))) continue;
    await rm(join(dirname(dataFolder), name), { recursive: true, force: true });
  }
}

function refuseOtherVersion(placement: Placement, found: string): void {
  const ours = placement.binaries.version.split('.')[0];
  if (found === ours) return;
  const next =
    Number(found) > Number(ours)
      ? 'Start the newer Portolan that made it, or name another folder with PORTOLAN_HOME.'
      : 'Upgrade it with pg_upgrade of PostgreSQL, or name another folder with PORTOLAN_HOME.';
  throw new Error(
    `Cannot start Postgres: the data folder ${placement.dataFolder} was made by PostgreSQL ${found}, and this Portolan brings ${ours}. ${next}`,
  );
}

async function ensureDatabase(connection: DatabaseConnection): Promise<void> {
  const client = new Client({ ...connection, database: 'postgres' });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (!rowCount) await client.query(`create database ${DATABASE}`);
  } catch (error) {
    // Two processes that start at once both try.
    if (!TAKEN.has(codeOf(error) ?? '')) throw error;
  } finally {
    await client.end();
  }
}
