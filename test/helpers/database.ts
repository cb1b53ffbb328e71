import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { bootstrap, type Plane } from '../../db/bootstrap.js';
import type { DatabaseConnection } from '../../db/connection.js';
import { openDatabase, type PostgresDatabase } from '../../db/database.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../db/embedded.js';
import { migrate } from '../../db/migrate.js';
import type { KindRegistry } from '../../lib/kind.js';
import { type Log, silentLog } from '../../lib/log.js';
import { type Random, systemRandom } from '../../lib/random.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';
import { removeAbandonedServers } from './abandoned-servers.js';

export interface TestDatabase {
  readonly database: PostgresDatabase;
  readonly plane: Plane;
  readonly connection: DatabaseConnection;
  /** Closes and removes it; the cluster too when this process started it and nobody else uses it. */
  drop(): Promise<void>;
}

/** A migrated, bootstrapped database of its own, copied from a template. `await using` drops it. */
export async function createTestDatabase(
  options: {
    readonly log?: Log;
    readonly poolSize?: number;
    readonly registry?: KindRegistry;
    readonly random?: Random;
  } = {},
): Promise<TestDatabase> {
  const cluster = await takeCluster();
  try {
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await ensureTemplate(cluster.connection);
    await administer(cluster.connection, `create database ${name} template ${TEMPLATE}`);
    const connection = { ...cluster.connection, database: name };
    const log = options.log ?? silentLog;
    const database = await openDatabase({
      connection,
      log,
      ...(options.poolSize ? { poolSize: options.poolSize } : {}),
    });
    const plane = await bootstrap(database, options.registry ?? builtInKinds, options.random ?? systemRandom);
    const drop = async () => {
      await database.close();
      await administer(cluster.connection, `drop database if exists ${name} with (force)`);
      await cluster.release();
    };
    return { database, plane, connection, drop };
  } catch (error) {
    await cluster.release();
    throw error;
  }
}

/** For the test runner: one cluster for all test files. The environment tells each where it is. */
export async function startSharedPostgres(): Promise<{
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  close(): Promise<void>;
}> {
  const started = await startOwn();
  await ensureTemplate(started.connection);
  const client = await connect(started.connection);
  const { rows } = await client.query('show server_version').finally(() => client.end());
  const env = { [VARIABLE]: JSON.stringify(started.connection) };
  return { env, version: rows[0]?.server_version ?? '', close: started.close };
}

const VARIABLE = 'PORTOLAN_TEST_POSTGRES';
/** Other branches that are tested on the same cluster have other tables. */
const TEMPLATE = `template_${hashOfMigrations().slice(0, 12)}`;

function hashOfMigrations(): string {
  const folder = new URL('../../db/migrations/', import.meta.url);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(new URL(file, folder)));
  return hash.digest('hex');
}

interface Cluster {
  readonly connection: DatabaseConnection;
  release(): Promise<void>;
}

let own: Promise<Awaited<ReturnType<typeof startOwn>>> | null = null;
let users = 0;

async function takeCluster(): Promise<Cluster> {
  const given = process.env[VARIABLE];
  if (given) return { connection: JSON.parse(given), release: async () => {} };
  users += 1;
  own ??= startOwn();
  const started = await own;
  const release = async () => {
    users -= 1;
    if (users > 0) return;
    own = null;
    await started.close();
  };
  return { connection: started.connection, release };
}

async function startOwn(): Promise<{ readonly connection: DatabaseConnection; close(): Promise<void> }> {
  await removeAbandonedServers();
  const folder = await mkdtemp(join(tmpdir(), 'portolan-test-'));
  const server: EmbeddedPostgres = await startEmbeddedPostgres({
    folder,
    log: silentLog,
    fsync: false,
    maxConnections: 400,
  });
  // A test process that is ended in the middle must not leave a server behind.
  const abandon = () => process.kill(server.pid, 'SIGQUIT');
  process.once('exit', abandon);
  const close = async () => {
    process.removeListener('exit', abandon);
    await server.close();
    await rm(server.homeFolder, { recursive: true, force: true, maxRetries: 5 });
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return { connection: server.connection, close };
}

async function ensureTemplate(connection: DatabaseConnection): Promise<void> {
  const client = await connect(connection);
  try {
    // Test files start at the same time; one makes it.
    await client.query('select pg_advisory_lock(1)');
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1 and datistemplate', [
      TEMPLATE,
    ]);
    if (rowCount) return;
    await client.query(`drop database if exists ${TEMPLATE} with (force)`);
    await client.query(`create database ${TEMPLATE}`);
    const database = await openDatabase({
      connection: { ...connection, database: TEMPLATE },
      log: silentLog,
      poolSize: 2,
    });
    await migrate(database);
    await database.close();
    await client.query(`alter database ${TEMPLATE} is_template true`);
  } finally {
    await client.end();
  }
}

async function administer(connection: DatabaseConnection, sql: string): Promise<void> {
  const client = await connect(connection);
  await client.query(sql).finally(() => client.end());
}

async function connect(connection: DatabaseConnection): Promise<Client> {
  const client = new Client({ ...connection, database: 'postgres' });
  client.on('error', () => {});
  await client.connect();
  return client;
}
