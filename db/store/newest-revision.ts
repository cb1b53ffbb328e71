import type { Transaction } from '../database.js';
import { statement } from '../statement.js';

/** Number of the newest commit that the transaction sees; 0 when there is none. */
export async function newestRevision(transaction: Transaction): Promise<bigint> {
  return (await transaction.query(readNewestRevision))[0]?.seq ?? 0n;
}

export const readNewestRevision = statement<{ seq: bigint }>(
  'revisions.read-newest',
  // Not the sequence: that may be at a number that was rolled back, and which a crash gives out again.
  'select seq from revision order by seq desc limit 1',
);
