import { LimitExceededError } from '../../lib/errors.js';
import type { Actor, AttemptInput, EventInput, EventsInput, Store } from '../contract.js';
import type { Transaction } from '../database.js';
import type { Call } from '../exchange.js';
import { statement } from '../statement.js';
import { type Asked, askTogether, type Told } from './asked.js';
import { inTransaction, type StoreContext } from './context.js';
import { lockFenced } from './fence.js';
import { commitWithRevisions } from './revisions.js';
import type { ResourceRow } from './rows.js';
import { sideRevision } from './side-revision.js';

type NoteVerbs = Pick<Store, 'recordEvents' | 'recordAttempt'>;

/** What a controller notes down beside status and inventory: events and attempts. */
export function createNoteVerbs(context: StoreContext): NoteVerbs {
  return {
    async recordEvents(input, actor) {
      if (input.events.length === 0) return { recorded: 0 };
      const first = await inTransaction(context, async (transaction) => {
        const row = await lockFenced(transaction, input.resourceId, input.fence, actor);
        const asked = writingEvents(transaction, [{ row, input }], actor);
        const { answers } = await askTogether(transaction, [asked], { earlier: [], isLast: true });
        const [taken] = answers;
        await commitWithRevisions(transaction, taken?.revisions ?? []);
        return taken?.revisions.length ?? 0;
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
  };
}

/** What one report of events has done. */
export interface TakenEvents extends Told {
  readonly recorded: number;
}

/**
 * Of resources that differ, in a transaction that has locked them and checked the fence, and appends the revisions at its
 * end. Throws when one is refused.
 */
export function writingEvents(
  transaction: Transaction,
  reports: readonly { readonly row: ResourceRow; readonly input: EventsInput }[],
  actor: Actor,
): Asked<TakenEvents> {
  const given = reports.map(({ row, input }) => {
    if (input.events.length > MAX_EVENTS) {
      throw new LimitExceededError(`At most ${MAX_EVENTS} events can be recorded at once. Record them in parts.`);
    }
    return { row, input, ...counted(input) };
  });
  const all = given.flatMap(({ row: { id: resourceId, projectId, environmentId }, input: { source }, own }) =>
    own.map((event) => ({ ...event, resourceId, projectId, environmentId, source })),
  );
  const fromOutside = given.filter(({ outside }) => outside.length > 0);
  const calls: readonly Call[] = [
    ...(all.length > 0 ? [{ statement: writeEvents, values: [JSON.stringify(all)] }] : []),
    ...fromOutside.map(({ row, input, outside }) => {
      const place = [row.id, row.projectId, row.environmentId, input.source];
      return { statement: writeOutside, values: [...place, JSON.stringify(outside)] };
    }),
  ];
  return {
    calls,
    revisions: null,
    async answersOf(rows) {
      const written = all.length > 0 ? (rows[0] as readonly (ToldEvent & { readonly resourceId: string })[]) : [];
      const writtenOf = Map.groupBy(written, ({ resourceId }) => resourceId);
      const outsideRows = rows.slice(calls.length - fromOutside.length) as readonly (readonly ToldEvent[])[];
      const outsideOf = new Map(fromOutside.map(({ row }, index) => [row.id, outsideRows[index] ?? []]));
      const answers: TakenEvents[] = [];
      for (const { row, input, outside } of given) {
        const own = (writtenOf.get(row.id) ?? []).map(({ resourceId: _, ...event }) => event);
        const told = [...own, ...(outsideOf.get(row.id) ?? [])]
          .filter((event) => event.isFirst)
          .map(({ isFirst: _, ...event }) => event);
        const dropped = told.length > 0 && outside.length > 0 ? await transaction.query(dropOutside, [row.id]) : [];
        const document = { events: told, ...(dropped.length > 0 && { dropped: dropped.length }) };
        const revisions = told.length > 0 ? [sideRevision(row, 'event', document, actor)] : [];
        answers.push({ recorded: input.events.length, revisions });
      }
      return answers;
    },
  };
}

const MAX_EVENTS = 500;
/** Of a resource. A cluster makes a new one for every pod, for ever: the oldest are dropped. */
const MAX_OUTSIDE_EVENTS = 1000;
/** Real error text helps; a whole page of it does not. */
const LONGEST_TEXT = 4000;

const cut = (text: string) => (text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)} ...`);
const retryAt = (input: AttemptInput) => (input.nextRetryAt === null ? null : new Date(input.nextRetryAt));

/** One statement cannot write the same row twice: equal events are counted here, and of an outside one the last is kept. */
function counted(input: EventsInput) {
  const own = new Map<string, EventInput & { count: number }>();
  const outside = new Map<string, Omit<EventInput, 'outside'> & OutsideFields>();
  for (const given of input.events) {
    const event = { ...given, message: cut(given.message), ownerObject: given.ownerObject ?? null };
    if (event.outside) {
      const { id, ...times } = event.outside;
      const known = outside.get(id);
      if (!known || known.count <= times.count) outside.set(id, { ...event, ...times, outsideId: id });
      continue;
    }
    const key = JSON.stringify([event.object, event.type, event.reason, event.message]);
    own.set(key, { ...event, count: (own.get(key)?.count ?? 0) + 1 });
  }
  return { own: [...own.values()], outside: [...outside.values()] };
}

type OutsideFields = Omit<NonNullable<EventInput['outside']>, 'id'> & { readonly outsideId: string };

type ToldEvent = { type: string; reason: string; message: string; object: string; isFirst: boolean };
const writeEvents = statement<ToldEvent & { resourceId: string }>(
  'notes.write-events',
  `insert into event as e (resource_id, project_id, environment_id, object, owner_object, type, reason, message, source, count)
   select d."resourceId", d."projectId", d."environmentId", d.object, d."ownerObject", d.type, d.reason, d.message,
     d.source, d.count
   from jsonb_to_recordset($1::jsonb) as d ("resourceId" uuid, "projectId" uuid, "environmentId" uuid, source text,
     object text, "ownerObject" text, type text, reason text, message text, count int)
   on conflict (resource_id, object, type, reason, source, md5(message)) where outside_id is null
     do update set count = e.count + excluded.count, last_at = now()
   returning resource_id as "resourceId", type, reason, message, object, xmax = 0 as "isFirst"`,
);
// The clocks of cluster and database may differ a little, and what was there before the resource is none of its business.
const writeOutside = statement<ToldEvent>(
  'notes.write-outside-events',
  `insert into event as e (resource_id, project_id, environment_id, object, owner_object, type, reason, message, source,
     count, outside_id, outside_count, first_at, last_at)
   select $1, $2, $3, d.object, d."ownerObject", d.type, d.reason, d.message, $4, d.count, d."outsideId", d.count,
     d."firstAt", d."lastAt"
   from jsonb_to_recordset($5::jsonb) as d (object text, "ownerObject" text, type text, reason text, message text,
     count int, "outsideId" text, "firstAt" timestamptz, "lastAt" timestamptz)
   where d."lastAt" > (select created_at - interval '1 minute' from resource where id = $1)
     -- What was dropped for newer ones is not taken up again when the cluster tells it again.
     and d."lastAt" >= coalesce((
       select last_at from event where resource_id = $1 and outside_id is not null
       order by last_at desc, id desc offset ${MAX_OUTSIDE_EVENTS - 1} limit 1), '-infinity')
   on conflict (resource_id, outside_id) where outside_id is not null
     do update set count = excluded.count, outside_count = excluded.outside_count, message = excluded.message,
       last_at = greatest(e.last_at, excluded.last_at)
     where e.outside_count < excluded.outside_count
   returning type, reason, message, object, xmax = 0 as "isFirst"`,
);
const dropOutside = statement<{ id: string }>(
  'notes.drop-outside-events',
  `delete from event where id in (
     select id from event where resource_id = $1 and outside_id is not null
     order by last_at desc, id desc offset ${MAX_OUTSIDE_EVENTS})
   returning id`,
);
const clearAttempt = statement('notes.clear-attempt', 'delete from attempt where resource_id = $1');
const writeAttempt = statement(
  'notes.write-attempt',
  `insert into attempt (resource_id, count, last_error, next_retry_at) values ($1, $2, $3, $4)
   on conflict (resource_id) do update set count = excluded.count, last_error = excluded.last_error,
     next_retry_at = excluded.next_retry_at, updated_at = now()`,
);
