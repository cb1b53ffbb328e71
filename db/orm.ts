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
import { SharedLeasesMigration } from './migrations/0009-shared-leases.js';
import { FoundAtOnceMigration } from './migrations/0010-found-at-once.js';
import { MIGRATIONS_TABLE, type MigrationName, migrationNames } from './migrations.js';
import { sessionSettings } from './pool.js';

/** One for each name, by the type. */
const classes: Readonly<Record<MigrationName, typeof FoundationMigration>> = {
  '0001-foundation': FoundationMigration,
  '0002-kubernetes-depth': KubernetesDepthMigration,
  '0003-past-reads': PastReadsMigration,
  '0004-on-demand': OnDemandMigration,
  '0005-managed-fields': ManagedFieldsMigration,
  '0006-default-account': DefaultAccountMigration,
  '0007-developers': DevelopersMigration,
  '0008-past-places': PastPlacesMigration,
  '0009-shared-leases': SharedLeasesMigration,
  '0010-found-at-once': FoundAtOnceMigration,
};

/**
 * MikroORM over a few connections of its own. Does not connect yet. It takes longer to load than the server to start,
 * so only `openDatabase` imports this file, when the first asks for the ORM.
 */
export async function openOrm(connection: DatabaseConnection, log: Log): Promise<MikroORM> {
  const { host, port, user, password, database, ssl } = connection;
  return MikroORM.init({
    // No clientUrl: it cannot hold the path of a socket.
    host,
    port,
    user,
    ...(password === undefined ? {} : { password }),
    dbName: database,
    driverOptions: { ...sessionSettings, ...(ssl ? { ssl } : {}) },
    pool: { min: 0, max: MOST_CONNECTIONS, idleTimeoutMillis: IDLE_TIMEOUT_MS },
    entities,
    extensions: [Migrator],
    migrations: {
      migrationsList: migrationNames.map((name) => ({ name, class: classes[name] })),
      tableName: MIGRATIONS_TABLE,
      snapshot: false,
      disableForeignKeys: false,
    },
    discovery: { warnWhenNoEntities: false },
    ensureDatabase: false,
    // Lost connections and failures go to our log; statements with values never do.
    logger: (message) => log.debug(message),
    colors: false,
    debug: false,
  });
}

const MOST_CONNECTIONS = 2;
/** What the ORM does is over within moments of the start. */
const IDLE_TIMEOUT_MS = 1_000;
