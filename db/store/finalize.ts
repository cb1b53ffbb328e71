import { BlockedError, ConflictError } from '../../lib/errors.js';
import type { Actor, Fence } from '../contract.js';
import type { Transaction } from '../database.js';
import { statement } from '../statement.js';
import { inTransaction, type StoreContext } from './context.js';
import { lockFenced } from './fence.js';
import { appendRevisions, type NewRevision } from './revisions.js';
import { lockIds, type ResourceRow } from './rows.js';
import { sideRevision } from './side-revision.js';

/**
 * The end of a resource whose outside is gone, or whose deletion was forced: then its objects are forgotten. Also ends what nothing reconciles and only waited for it: the
 * environment whose last app instance this was, if its deletion was requested.
 */
export async function finalize(
  context: StoreContext,
  input: { readonly resourceId: string; readonly fence: Fence; readonly generation: number },
  actor: Actor,
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const row = await lockFenced(transaction, input.resourceId, input.fence, actor, 'remove');
    const forgotten = row.isDeletionForced ? await transaction.query(forgetObjects, [row.id]) : [];
    await refuseEarly(transaction, row, input.generation);
    const waiting = await removeWithWaiting(context, transaction, row);
    const document = row.isDeletionForced
      ? { isDeletionForced: true, forgotten: forgotten.slice(0, MAX_TOLD).map((object) => ({ ...object })) }
      : null;
    await appendRevisions(transaction, [
      sideRevision(row, 'removed', document, actor),
      ...waiting.map((gone): NewRevision => sideRevision(gone, 'removed', null, actor)),
    ]);
  });
  context.wake();
}

/** The log tells what was left outside, up to a bound. */
const MAX_TOLD = 200;

async function refuseEarly(transaction: Transaction, row: ResourceRow, generation: number): Promise<void> {
  const title = `${row.kind} ${row.name} (${row.id})`;
  if (row.deletionRequestedAt === null) {
    throw new ConflictError(`Nobody asked for the deletion of ${title}, so it cannot be finalized.`);
  }
  if (row.generation !== generation) {
    throw new ConflictError(`${title} is at generation ${row.generation}, not ${generation}. Look again.`);
  }
  const rest = await transaction.query(listRest, [row.id]);
  if (rest.length === 0) return;
  const blockers = rest.map((item) => item.title);
  throw new BlockedError(`${title} cannot be finalized while there is ${blockers.join(', ')}.`, blockers);
}

/** Deletes the row, then those that wait for nothing else, outwards. Returns the latter. */
async function removeWithWaiting(
  context: StoreContext,
  transaction: Transaction,
  row: ResourceRow,
): Promise<readonly ResourceRow[]> {
  const defined = context.registry.kinds.filter((kind) => kind.lease === null).map((kind) => kind.name);
  const removed: ResourceRow[] = [];
  let leaving: readonly ResourceRow[] = [row];
  while (leaving.length > 0) {
    const ids = leaving.map((gone) => gone.id);
    const around = await transaction.query(listAround, [ids, defined]);
    await transaction.query(remove, [ids]);
    const waiting = await lockWaiting(transaction, around);
    const free = await transaction.query(listFree, [waiting.map((item) => item.id)]);
    leaving = waiting.filter((item) => free.some(({ id }) => id === item.id));
    removed.push(...leaving);
  }
  return removed;
}

interface Around {
  readonly id: string;
  readonly isDeleting: boolean;
}

/**
 * Locks those that are being deleted, so that of two that end the last two dependents the second sees the first. The
 * others are locked weakly, which waits for a deletion that is being asked for at this moment and for nothing else.
 */
async function lockWaiting(transaction: Transaction, around: readonly Around[]): Promise<readonly ResourceRow[]> {
  const idsOf = (isDeleting: boolean) => around.filter((item) => item.isDeleting === isDeleting).map(({ id }) => id);
  const waiting = await lockIds(transaction, idsOf(true), 'remove');
  const others = await lockIds(transaction, idsOf(false), 'refer');
  const late = others.filter((item) => item.deletionRequestedAt !== null).map(({ id }) => id);
  return [...waiting, ...(await lockIds(transaction, late, 'remove'))];
}

const forgetObjects = statement<{ runtimeId: string; group: string; kind: string; namespace: string; name: string }>(
  'finalize.forget-objects',
  `delete from object where resource_id = $1
   returning runtime_id as "runtimeId", api_group as "group", kind, namespace, name`,
);
const listRest = statement<{ title: string }>(
  'finalize.list-rest',
  `(select kind || '/' || namespace || '/' || name as title from object where resource_id = $1 limit 20)
   union all (select r.kind || ' ' || r.name || ' (' || r.id || ')' from resource r where r.owner_id = $1 limit 20)
   union all (select r.kind || ' ' || r.name || ' (' || r.id || ')' from reference f join resource r on r.id = f.from_id
     where f.to_id = $1 limit 20)
   union all (select kind || ' ' || name || ' on it' from object where runtime_id = $1 limit 20)`,
);
const listAround = statement<Around>(
  'finalize.list-around',
  `select r.id, r.deletion_requested_at is not null as "isDeleting" from resource r
   where r.kind = any($2) and r.id <> all($1) and r.id in (
     select to_id from reference where from_id = any($1)
     union all select unnest(array[project_id, environment_id, owner_id]) from resource where id = any($1)
   )`,
);
const remove = statement('finalize.remove', 'delete from resource where id = any($1)');
const listFree = statement<{ id: string }>(
  'finalize.list-free',
  `select w.id from unnest($1::uuid[]) as w (id)
   where not exists (select 1 from reference f where f.to_id = w.id)
     and not exists (select 1 from resource r where r.owner_id = w.id)
     and not exists (select 1 from resource r where r.environment_id = w.id)
     and not exists (select 1 from resource r where r.project_id = w.id)`,
);
