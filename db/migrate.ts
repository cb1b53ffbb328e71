import { Client } from 'pg';
import { type DatabaseConnection, describeConnection } from './connection.js';
import type { PostgresDatabase } from './database.js';
import { databaseFailure } from './failure.js';
import { MIGRATIONS_TABLE, migrationNames, newestSchema } from './migrations.js';
import { ensurePartitions } from './partitions.js';
import { statement } from './statement.js';

/** Thrown when the database was migrated by a newer Portolan. Start that one instead. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';
}

/**
 * Brings the schema to the newest version that this Portolan knows. Several servers may call it at once: one works, the
 * others wait. Throws NewerSchemaError when the database is ahead, and then changes nothing.
 */
export async function migrate(database: PostgresDatabase): Promise<void> {
  const lock = await openLock(database.connection);
  try {
    const executed = await listExecuted(database);
    refuseNewer(executed, database.connection);
    if (migrationNames.some((name) => !executed.has(name))) await (await database.orm()).migrator.up();
    await ensurePartitions(database);
  } finally {
    await lock.end();
  }
}

/** Any number, the same in every Portolan: `PORT` in ASCII. */
const MIGRATION_LOCK = 0x504f5254;

const findTable = statement<{ name: string | null }>('migrate.find-table', 'select to_regclass($1)::text as name');
const readExecuted = statement<{ name: string }>('migrate.list', `select name from ${MIGRATIONS_TABLE} order by id`);

/** A connection of its own: the lock lives as long as the session, and migrations may take longer than a statement may. */
async function openLock(connection: DatabaseConnection): Promise<Client> {
  const client = new Client({ ...connection });
  // Its end releases the lock, which is all that it is for.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw databaseFailure(error, connection);
  }
}

async function listExecuted(database: PostgresDatabase): Promise<ReadonlySet<string>> {
  const [table] = await database.query(findTable, [MIGRATIONS_TABLE]);
  if (!table?.name) return new Set();
  return new Set((await database.query(readExecuted)).map(({ name }) => name));
}

function refuseNewer(executed: ReadonlySet<string>, connection: DatabaseConnection): void {
  const known: ReadonlySet<string> = new Set(migrationNames);
  const newer = [...executed].filter((name) => !known.has(name)).at(-1);
  if (newer === undefined) return;
  throw new NewerSchemaError(
    `The database ${describeConnection(connection)} has schema ${newer}; ` +
      `the newest that this Portolan knows is ${newestSchema}. ` +
      'Start the newer Portolan that migrated it, or name another database with DATABASE_URL. Nothing was changed.',
  );
}
