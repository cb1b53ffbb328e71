import type { Queryable } from '../database.js';
import { statement } from '../statement.js';
import type { LeaseHolderRow, ReadModels } from './read-models.js';

/** Who may act just now. */
export function createLeaseReads(database: Queryable): Pick<ReadModels, 'leaseHolder'> {
  return {
    async leaseHolder(key) {
      const [row] = await database.query(HOLDER, [key]);
      return row ? { ...row, epoch: Number(row.epoch) } : null;
    },
  };
}

const HOLDER = statement<Omit<LeaseHolderRow, 'epoch'> & { readonly epoch: bigint }>(
  'read.lease-holder',
  `select holder, principal_id as "principalId", epoch from lease
   where key = $1 and holder is not null and expires_at > clock_timestamp()`,
);
