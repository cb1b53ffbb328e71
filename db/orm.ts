import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import type { Log } from '../lib/log.js';
import type { DatabaseConnection } from './connection.js';
import { entities } from './entities.js';
import { FoundationMigration } from './migrations/0001-foundation.js';
import { KubernetesDepthMigration } from './migrations/0002-kubernetes-depth.js';
import { PastReadsMigration } from './migrations/0003-past-reads.js';
import { OnDemandMigration } from './migrations/0004-on-demand.js';
import { ManagedFieldsMigration } from './migrations/0005-managed-fields.js';
import { DefaultAccountMigration } from './migrations/0006-default-account.js';
import { DevelopersMigration } from './migrations/0007-developers.js';
import { PastPlacesMigration } from './migrations/0008-past-places.js';

/** Oldest first. A name is the version of the schema that it leads to. */
export const migrations = [
  { name: '0001-foundation', class: FoundationMigration },
  { name: '0002-kubernetes-depth', class: KubernetesDepthMigration },
  { name: '0003-past-reads', class: PastReadsMigration },
  { name: '0004-on-demand', class: OnDemandMigration },
  { name: '0005-managed-fields', class: ManagedFieldsMigration },
  { name: '0006-default-account', class: DefaultAccountMigration },
  { name: '0007-developers', class: DevelopersMigration },
  { name: '0008-past-places', class: PastPlacesMigration },
];

export const MIGRATIONS_TABLE = 'schema_migration';

/** MikroORM over a pool that survives restarts of the server. Does not connect yet. */
export async function openOrm(
  connection: DatabaseConnection,
  options: { readonly log: Log; readonly poolSize: number },
): Promise<MikroORM> {
  const { host, port, user, password, database, ssl } = connection;
  return MikroORM.init({
    // No clientUrl: it cannot hold the path of a socket.
    host,
    port,
    user,
    ...(password === undefined ? {} : { password }),
    dbName: database,
    driverOptions: {
      ...(ssl ? { ssl } : {}),
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'portolan',
    },
    pool: { min: 0, max: options.poolSize, idleTimeoutMillis: IDLE_TIMEOUT_MS },
    entities,
    extensions: [Migrator],
    migrations: { migrationsList: migrations, tableName: MIGRATIONS_TABLE, snapshot: false, disableForeignKeys: false },
    discovery: { warnWhenNoEntities: false },
    ensureDatabase: false,
    // Lost connections and failures go to our log; statements with values never do.
    logger: (message) => options.log.debug(message),
    colors: false,
    debug: false,
  });
}

/** Also bounds the wait for a free connection of the pool, so it must outlast a burst: 2,000 edits at once take 12 s on two busy cores. */
const CONNECT_TIMEOUT_MS = 30_000;
/** No statement of ours takes seconds; one that hangs must not hold locks. */
const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 15_000;
const IDLE_TRANSACTION_TIMEOUT_MS = 60_000;
const IDLE_TIMEOUT_MS = 60_000;
