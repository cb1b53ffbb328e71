import { ConflictError, ForbiddenError, NotFoundError } from '../../lib/errors.js';
import type { Actor, Fence } from '../contract.js';
import type { Transaction } from '../database.js';
import type { Call } from '../exchange.js';
import { statement } from '../statement.js';
import { type LockMode, lockingIds, type ResourceRow } from './rows.js';

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
  const { rows, leases } = await lockWith(transaction, [resourceId].filter(isUuid), mode, nothingElse);
  const [row] = rows;
  checkFence(row, resourceId, leases.get(row?.leaseKey ?? ''), fence, actor);
  return row;
}

/** What was locked, by id, and what was read right after. */
export interface LockedRows<Row> {
  readonly rows: ReadonlyMap<string, ResourceRow>;
  readonly found: readonly Row[];
}

/**
 * The same for many. Each lease is looked at once. Throws for the first that is refused. `read` is carried out once all is
 * locked; the rows of the last of these calls are given.
 */
export async function lockAllFenced<Row>(
  transaction: Transaction,
  calls: readonly { readonly resourceId: string; readonly fence: Fence }[],
  actor: Actor,
  read: (ids: readonly string[]) => readonly [...Call[], Call<Row>] | readonly [],
): Promise<LockedRows<Row>> {
  requireController(actor);
  const ids = [...new Set(calls.map(({ resourceId }) => resourceId))].filter(isUuid);
  const locked = await lockWith(transaction, ids, 'edit', read);
  const rows = new Map(locked.rows.map((row) => [row.id, row]));
  for (const { resourceId, fence } of calls) {
    const row = rows.get(resourceId);
    checkFence(row, resourceId, locked.leases.get(row?.leaseKey ?? ''), fence, actor);
  }
  return { rows, found: locked.found };
}

const nothingElse = () => [] as const;

/** In one round trip: the leases are those of the rows as they were locked. */
async function lockWith<Row>(
  transaction: Transaction,
  ids: readonly string[],
  mode: LockMode,
  read: (ids: readonly string[]) => readonly [...Call[], Call<Row>] | readonly [],
): Promise<{ rows: readonly ResourceRow[]; leases: ReadonlyMap<string, LeaseRow>; found: readonly Row[] }> {
  if (ids.length === 0) return { rows: [], leases: new Map(), found: [] };
  const locking = { statement: lockLeases, values: [[...ids]] };
  const [rows, leases, ...found] = await transaction.queryAll([lockingIds(ids, mode), locking, ...read(ids)]);
  return { rows, leases: new Map(leases.map((lease) => [lease.key, lease])), found: (found.at(-1) ?? []) as Row[] };
}

function checkFence(
  row: ResourceRow | undefined,
  resourceId: string,
  lease: LeaseRow | undefined,
  fence: Fence,
  actor: Actor,
): asserts row is ResourceRow {
  if (!row) throw new NotFoundError(`There is no resource ${resourceId}.`, { path: ['resourceId'] });
  const title = `${row.kind} ${row.name} (${row.id})`;
  if (row.leaseKey === null)
    throw new ConflictError(`Nothing reconciles ${title}: what is stored of it is all there is.`);
  if (!lease || lease.holder !== fence.holder || Number(lease.epoch) !== fence.epoch || !lease.isLive) {
    throw new ConflictError(
      `${fence.holder} does not hold the lease ${row.leaseKey} with epoch ${fence.epoch} any more, so it may not act on ${title}. Stop and acquire it again.`,
      { leaseKey: row.leaseKey },
    );
  }
  if (lease.principalId !== actor.principalId) {
    throw new ForbiddenError(`The lease ${row.leaseKey} was acquired with another token.`);
  }
}

interface LeaseRow {
  readonly key: string;
  readonly holder: string | null;
  readonly epoch: bigint;
  readonly principalId: string | null;
  readonly isLive: boolean;
}

/** Throws ForbiddenError for anybody but a controller. */
export function requireController(actor: Actor): void {
  if (actor.role === 'controller') return;
  throw new ForbiddenError(`Only a controller may do this, and ${actor.name} is an ${actor.role}.`);
}

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

// Key share: renewals go on, a takeover (for update) waits.
const lockLeases = statement<LeaseRow>(
  'fence.lock-leases-of',
  `select key, holder, epoch, principal_id as "principalId", expires_at > clock_timestamp() as "isLive"
   from lease where key = any(array(select lease_key from resource where id = any($1::uuid[])))
   order by key for key share`,
);
