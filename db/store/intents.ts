import type { JsonObject } from '../../lib/canonical.js';
import { NotFoundError } from '../../lib/errors.js';
import type { BeginIntentInput, Intent, ResolveIntentInput, Store } from '../contract.js';
import type { Transaction } from '../database.js';
import { statement } from '../statement.js';
import type { Asked, Told } from './asked.js';
import { inTransaction, type StoreContext } from './context.js';
import { lockFenced } from './fence.js';

type IntentVerbs = Pick<Store, 'beginIntent' | 'resolveIntent'>;

/** What a controller is about to make outside, written down before, and what became of it. */
export function createIntentVerbs(context: StoreContext): IntentVerbs {
  return {
    beginIntent: (input, actor) =>
      inTransaction(context, async (transaction) => {
        await lockFenced(transaction, input.resourceId, input.fence, actor, 'refer');
        return only(transaction, beginning(context, [input]));
      }),

    resolveIntent: (input, actor) =>
      inTransaction(context, async (transaction) => {
        await lockFenced(transaction, input.resourceId, input.fence, actor, 'refer');
        return only(transaction, resolving([input]));
      }),
  };
}

/** What one report of an intent has done. */
export interface TakenIntent extends Told {
  readonly intent: Intent;
}

/** Of resources that differ, for a transaction that has locked them and checked the fence; in their order. */
export function beginning(
  { random }: Pick<StoreContext, 'random'>,
  inputs: readonly BeginIntentInput[],
): Asked<TakenIntent> {
  const given = inputs.map(({ resourceId, action, token, fence: { epoch } }) => {
    return { id: random.uuid(), resourceId, action, token, epoch };
  });
  const calls = inputs.length > 0 ? [{ statement: writeIntent, values: [JSON.stringify(given)] }] : [];
  return { calls, revisions: [], answersOf: async (rows) => inOrder(inputs, rows) };
}

/** The same of those that were begun. Its answers throw NotFoundError for one that was not. */
export function resolving(inputs: readonly ResolveIntentInput[]): Asked<TakenIntent> {
  const given = inputs.map(({ id, resourceId, outcome }) => ({ id, resourceId, outcome }));
  const calls = inputs.length > 0 ? [{ statement: closeIntent, values: [JSON.stringify(given)] }] : [];
  return { calls, revisions: null, answersOf: async (rows) => inOrder(inputs, rows) };
}

function inOrder(
  inputs: readonly { readonly resourceId: string; readonly id?: string; readonly outcome?: JsonObject }[],
  [rows = []]: readonly (readonly unknown[])[],
): readonly TakenIntent[] {
  const written = new Map((rows as readonly WrittenIntent[]).map(({ resourceId, ...intent }) => [resourceId, intent]));
  return inputs.map(({ resourceId, id = resourceId }) => {
    const intent = written.get(resourceId);
    if (!intent) throw new NotFoundError(`There is no intent ${id}.`, { path: ['id'] });
    return { intent, revisions: [] };
  });
}

async function only(transaction: Transaction, { calls, answersOf }: Asked<TakenIntent>): Promise<Intent> {
  const [taken] = await answersOf(await transaction.queryAll(calls));
  if (taken) return taken.intent;
  throw new Error('An intent that was written is not there. This is a defect in Portolan; please report it.');
}

type WrittenIntent = Intent & { readonly resourceId: string };
const intentColumns = `i.resource_id as "resourceId", i.id, i.action, i.token, i.begun_at as "begunAt",
  extract(epoch from now() - i.begun_at)::float8 * 1000 as "ageMs", i.resolved_at as "resolvedAt", i.outcome`;
// An intent that was begun before keeps its id and its age, for the call may have been made. One that was resolved begins anew.
const writeIntent = statement<WrittenIntent>(
  'notes.write-intent',
  `insert into intent as i (id, resource_id, action, token, lease_epoch)
   select d.id, d."resourceId", d.action, d.token, d.epoch
   from jsonb_to_recordset($1::jsonb) as d (id uuid, "resourceId" uuid, action text, token text, epoch bigint)
   on conflict (resource_id, action, token) do update set lease_epoch = excluded.lease_epoch, resolved_at = null,
     outcome = null, begun_at = case when i.resolved_at is null then i.begun_at else now() end
   returning ${intentColumns}`,
);
const closeIntent = statement<WrittenIntent>(
  'notes.close-intent',
  `update intent as i set resolved_at = coalesce(i.resolved_at, now()), outcome = coalesce(i.outcome, d.outcome)
   from jsonb_to_recordset($1::jsonb) as d (id uuid, "resourceId" uuid, outcome jsonb)
   where i.id = d.id and i.resource_id = d."resourceId" returning ${intentColumns}`,
);
