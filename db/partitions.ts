import type { Database, Transaction } from './database.js';
import { statement } from './statement.js';

/** Makes the partitions of the revision log that the next millions of commits go to. Cheap when they are there. */
export async function ensurePartitions(database: Database): Promise<void> {
  const missing = await listMissing(database);
  if (missing.length === 0) return;
  await database.transaction(async (transaction) => {
    // Two servers must not make the same one; what the first made the second does not miss.
    await transaction.query(lock);
    for (const index of await listMissing(transaction)) await make(transaction, index);
  });
}

const PARTITION_SIZE = 1_000_000n;
/** Two full partitions are hours away at any rate that one database can write. */
const AHEAD = 2n;

const lock = statement('partitions.lock', 'select pg_advisory_xact_lock(20595, 0)');
const readState = statement<{ seq: bigint; names: string[] }>(
  'partitions.read-state',
  `select last_value as seq, array(select inhrelid::regclass::text from pg_inherits
     where inhparent = 'revision'::regclass) as names from revision_seq`,
);

async function listMissing(on: Pick<Database, 'query'>): Promise<readonly bigint[]> {
  const [state] = await on.query(readState);
  if (!state) throw new Error('The sequence revision_seq is empty. Restore the database from a backup.');
  const current = state.seq / PARTITION_SIZE;
  const wanted = Array.from({ length: Number(AHEAD) + 1 }, (_, ahead) => current + BigInt(ahead));
  return wanted.filter((index) => !state.names.includes(nameOf(index)));
}

const nameOf = (index: bigint) => `revision_${index}`;

/** Made apart and attached: that does not wait for, nor stop, those who write to the log meanwhile. */
async function make(transaction: Transaction, index: bigint): Promise<void> {
  const name = nameOf(index);
  const [from, to] = [index * PARTITION_SIZE, (index + 1n) * PARTITION_SIZE];
  await transaction.query(
    statement(
      `partitions.create-${index}`,
      `create table ${name} (like revision including defaults including constraints)`,
    ),
  );
  await transaction.query(
    statement(
      `partitions.attach-${index}`,
      `alter table revision attach partition ${name} for values from (${from}) to (${to})`,
    ),
  );
}
