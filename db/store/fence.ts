import { ConflictError, ForbiddenError, NotFoundError } from '../../lib/errors.js';
import type { Actor, Fence } from '../contract.js';
import type { Transaction } from '../database.js';
import { statement } from '../statement.js';
import { type LockMode, lockIds, type ResourceRow } from './rows.js';

/**
 * Locks the resource and proves that the caller holds its lease, for as long as the transaction lasts: a takeover of
 * the lease waits for it. Throws NotFoundError, ForbiddenError for a wrong token, and ConflictError for a lease that
 * is not held (any more).
 */
export async function lockFenced(
  transaction: Transaction,
  resourceId: string,
  fence: Fence,
  actor: Actor,
  mode: LockMode = 'edit',
): Promise<ResourceRow> {
  requireController(actor);
  const [row] = isUuid(resourceId) ? await lockIds(transaction, [resourceId], mode) : [];
  if (!row) throw new NotFoundError(`There is no resource ${resourceId}.`, { path: ['resourceId'] });
  const title = `${row.kind} ${row.name} (${row.id})`;
  if (row.leaseKey === null)
    throw new ConflictError(`Nothing reconciles ${title}: what is stored of it is all there is.`);
  const [lease] = await transaction.query(lockLease, [row.leaseKey]);
  if (!lease || lease.holder !== fence.holder || Number(lease.epoch) !== fence.epoch || !lease.isLive) {
    throw new ConflictError(
      `${fence.holder} does not hold the lease ${row.leaseKey} with epoch ${fence.epoch} any more, so it may not act on ${title}. Stop and acquire it again.`,
      { leaseKey: row.leaseKey },
    );
  }
  if (lease.principalId !== actor.principalId) {
    throw new ForbiddenError(`The lease ${row.leaseKey} was acquired with another token.`);
  }
  return row;
}

/** Throws ForbiddenError for anybody but a controller. */
export function requireController(actor: Actor): void {
  if (actor.role === 'controller') return;
  throw new ForbiddenError(`Only a controller may do this, and ${actor.name} is an ${actor.role}.`);
}

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

// Key share: renewals go on, a takeover (for update) waits.
const lockLease = statement<{ holder: string | null; epoch: bigint; principalId: string | null; isLive: boolean }>(
  'fence.lock-lease',
  `select holder, epoch, principal_id as "principalId", expires_at > clock_timestamp() as "isLive"
   from lease where key = $1 for key share`,
);
