import type { Queryable } from './database.js';
import { statement } from './statement.js';

/** Makes the partitions of the revision log that the next millions of commits go to. Cheap when they are there. */
export async function ensurePartitions(database: Queryable): Promise<void> {
  const [row] = await database.query(readSequence);
  const current = (row?.seq ?? 0n) / PARTITION_SIZE;
  for (let index = current; index <= current + AHEAD; index += 1n) {
    const from = index * PARTITION_SIZE;
    const name = `revision_${index}`;
    await database.query(
      statement(
        `partitions.create-${index}`,
        `create table if not exists ${name} partition of revision for values from (${from}) to (${from + PARTITION_SIZE})`,
      ),
    );
  }
}

const PARTITION_SIZE = 1_000_000n;
/** Two full partitions are hours away at any rate that one database can write. */
const AHEAD = 2n;

const readSequence = statement<{ seq: bigint }>(
  'partitions.read-sequence',
  'select last_value as seq from revision_seq',
);
