import { LimitExceededError, NotFoundError } from '../../lib/errors.js';
import type { AttemptInput, EventsInput, Intent, Store } from '../contract.js';
import { statement } from '../statement.js';
import { inTransaction, type StoreContext } from './context.js';
import { lockFenced } from './fence.js';
import { appendRevisions } from './revisions.js';
import { sideRevision } from './side-revision.js';

type NoteVerbs = Pick<Store, 'recordEvents' | 'recordAttempt' | 'beginIntent' | 'resolveIntent'>;

/** What a controller notes down beside status and inventory: events, attempts, intents. */
export function createNoteVerbs(context: StoreContext): NoteVerbs {
  return {
    async recordEvents(input, actor) {
      if (input.events.length > MAX_EVENTS) {
        throw new LimitExceededError(`At most ${MAX_EVENTS} events can be recorded at once. Record them in parts.`);
      }
      if (input.events.length === 0) return { recorded: 0 };
      const first = await inTransaction(context, async (transaction) => {
        const row = await lockFenced(transaction, input.resourceId, input.fence, actor);
        const events = JSON.stringify(counted(input));
        const rows = await transaction.query(writeEvents, [
          row.id,
          row.projectId,
          row.environmentId,
          input.source,
          events,
        ]);
        const told = rows.filter((event) => event.isFirst).map(({ isFirst: _, ...event }) => event);
        if (told.length > 0) {
          await appendRevisions(transaction, [sideRevision(row, 'event', { events: told }, actor)]);
        }
        return told.length;
      });
      if (first > 0) context.wake();
      return { recorded: input.events.length };
    },

    async recordAttempt(input, actor) {
      await inTransaction(context, async (transaction) => {
        await lockFenced(transaction, input.resourceId, input.fence, actor, 'refer');
        if (input.count === 0) return transaction.query(clearAttempt, [input.resourceId]);
        return transaction.query(writeAttempt, [input.resourceId, input.count, cut(input.lastError), retryAt(input)]);
      });
    },

    beginIntent: ({ resourceId, fence, action, token }, actor) =>
      inTransaction(context, async (transaction) => {
        await lockFenced(transaction, resourceId, fence, actor, 'refer');
        const values = [context.random.uuid(), resourceId, action, token, fence.epoch];
        return one(await transaction.query(writeIntent, values), resourceId);
      }),

    resolveIntent: ({ resourceId, fence, id, outcome }, actor) =>
      inTransaction(context, async (transaction) => {
        await lockFenced(transaction, resourceId, fence, actor, 'refer');
        return one(await transaction.query(closeIntent, [id, resourceId, JSON.stringify(outcome)]), id);
      }),
  };
}

const MAX_EVENTS = 500;
/** Real error text helps; a whole page of it does not. */
const LONGEST_TEXT = 4000;

const cut = (text: string) => (text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)} ...`);
const retryAt = (input: AttemptInput) => (input.nextRetryAt === null ? null : new Date(input.nextRetryAt));

/** One statement cannot count the same row twice, so equal events are counted here. */
function counted(input: EventsInput) {
  const byKey = new Map<string, EventsInput['events'][number] & { count: number }>();
  for (const event of input.events) {
    const key = JSON.stringify([event.object, event.type, event.reason, cut(event.message)]);
    const known = byKey.get(key);
    byKey.set(key, { ...event, message: cut(event.message), count: (known?.count ?? 0) + 1 });
  }
  return [...byKey.values()];
}

function one(rows: readonly Intent[], id: string): Intent {
  const [intent] = rows;
  if (!intent) throw new NotFoundError(`There is no intent ${id}.`, { path: ['id'] });
  return intent;
}

const writeEvents = statement<{ type: string; reason: string; message: string; object: string; isFirst: boolean }>(
  'notes.write-events',
  `insert into event as e (resource_id, project_id, environment_id, object, type, reason, message, source, count)
   select $1, $2, $3, d.object, d.type, d.reason, d.message, $4, d.count
   from jsonb_to_recordset($5::jsonb) as d (object text, type text, reason text, message text, count int)
   on conflict (resource_id, object, type, reason, source, md5(message))
     do update set count = e.count + excluded.count, last_at = now()
   returning type, reason, message, object, xmax = 0 as "isFirst"`,
);
const clearAttempt = statement('notes.clear-attempt', 'delete from attempt where resource_id = $1');
const writeAttempt = statement(
  'notes.write-attempt',
  `insert into attempt (resource_id, count, last_error, next_retry_at) values ($1, $2, $3, $4)
   on conflict (resource_id) do update set count = excluded.count, last_error = excluded.last_error,
     next_retry_at = excluded.next_retry_at, updated_at = now()`,
);
const intentColumns = `id, action, token, begun_at as "begunAt", resolved_at as "resolvedAt", outcome`;
// An intent that was begun before keeps its id and its age: the call may have been made.
const writeIntent = statement<Intent>(
  'notes.write-intent',
  `insert into intent (id, resource_id, action, token, lease_epoch) values ($1, $2, $3, $4, $5)
   on conflict (resource_id, action, token) do update set lease_epoch = excluded.lease_epoch returning ${intentColumns}`,
);
const closeIntent = statement<Intent>(
  'notes.close-intent',
  `update intent set resolved_at = coalesce(resolved_at, now()), outcome = coalesce(outcome, $3::jsonb)
   where id = $1 and resource_id = $2 returning ${intentColumns}`,
);
