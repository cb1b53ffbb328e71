import type { Forms } from '../form.js';
import type { EventRow, IntentRow } from '../rows.js';
import type { Run } from '../run.js';
import { bigint, integer, iso, isoOrNull, json, optionalText, text, type Values } from '../values.js';

/** Of a resource, as in db/store/notes.ts. */
const MAX_OUTSIDE_EVENTS = 1000;
const MINUTE_MS = 60_000;

export const noteForms: Forms = {
  'notes.write-events': async (run, [events]) => {
    const told: object[] = [];
    for (const event of json<PlacedEvent[]>(events)) {
      const { resourceId, projectId, environmentId, source } = event;
      const row = newEvent(run, [resourceId, projectId, environmentId, source], event, {});
      const written = await run.upsert(run.tables.event, 'event_same', row, (before) => {
        return { ...before, count: before.count + event.count, lastAt: run.nowMs };
      });
      if (written) told.push({ resourceId, ...answer(written.row, written.isNew) });
    }
    return told;
  },

  'notes.write-outside-events': async (run, values) => {
    const id = text(values[0]);
    const resource = run.one(run.tables.resource.primary, id);
    const oldestKept = outsideOf(run, id)[MAX_OUTSIDE_EVENTS - 1]?.lastAt ?? Number.NEGATIVE_INFINITY;
    const told: object[] = [];
    for (const event of json<GivenOutside[]>(values[4])) {
      const [firstAt, lastAt] = [Date.parse(event.firstAt), Date.parse(event.lastAt)];
      if (!resource || lastAt <= resource.createdAt - MINUTE_MS || lastAt < oldestKept) continue;
      const outside = { outsideId: event.outsideId, outsideCount: event.count, firstAt, lastAt };
      const row = newEvent(run, values, event, outside);
      const written = await run.upsert(run.tables.event, 'event_outside', row, (before) => {
        if (before.outsideCount === null || before.outsideCount >= event.count) return null;
        const { count, message } = row;
        return { ...before, count, message, outsideCount: event.count, lastAt: Math.max(before.lastAt, lastAt) };
      });
      if (written) told.push(answer(written.row, written.isNew));
    }
    return told;
  },

  'notes.drop-outside-events': async (run, [id]) => {
    const dropped = new Set(
      outsideOf(run, text(id))
        .slice(MAX_OUTSIDE_EVENTS)
        .map((row) => String(row.id)),
    );
    for (const found of run.find(run.tables.event.primary, dropped)) await run.remove(found);
    return [...dropped].map((dropped) => ({ id: dropped }));
  },

  'notes.clear-attempt': async (run, [id]) => {
    for (const found of run.find(run.tables.attempt.primary, [text(id)])) await run.remove(found);
    return [];
  },

  'notes.write-attempt': async (run, [id, count, lastError, nextRetryAt]) => {
    const retryAt = nextRetryAt instanceof Date ? nextRetryAt.getTime() : null;
    const given = { count: integer(count), lastError: text(lastError), nextRetryAt: retryAt, updatedAt: run.nowMs };
    const row = { resourceId: text(id), ...given };
    await run.upsert(run.tables.attempt, 'attempt_pkey', row, (before) => ({ ...before, ...given }));
    return [];
  },

  'notes.write-intent': async (run, [intents]) => {
    const answers: object[] = [];
    for (const { id, resourceId, action, token, epoch } of json<GivenIntent[]>(intents)) {
      const open = { leaseEpoch: bigint(epoch), resolvedAt: null, outcome: null };
      const row = { id, resourceId, action, token, ...open, begunAt: run.nowMs };
      const key = 'intent_resource_id_action_token_key';
      const written = await run.upsert(run.tables.intent, key, row, (before) => {
        return { ...before, ...open, begunAt: before.resolvedAt === null ? before.begunAt : run.nowMs };
      });
      if (written) answers.push(intentAnswer(written.row, run.nowMs));
    }
    return answers;
  },

  'notes.close-intent': async (run, [intents]) => {
    const given = new Map(json<GivenOutcome[]>(intents).map((each) => [each.id, each]));
    const closed: object[] = [];
    for (const found of run.find(run.tables.intent.primary, new Set(given.keys()))) {
      const one = given.get(found.row.id);
      if (!one || found.row.resourceId !== one.resourceId) continue;
      const row = await run.update(found, (before) => {
        return { ...before, resolvedAt: before.resolvedAt ?? run.nowMs, outcome: before.outcome ?? one.outcome };
      });
      if (row) closed.push(intentAnswer(row, run.nowMs));
    }
    return closed;
  },
};

interface GivenEvent {
  readonly object: string;
  readonly ownerObject: string | null;
  readonly type: EventRow['type'];
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

interface PlacedEvent extends GivenEvent {
  readonly resourceId: string;
  readonly projectId: string | null;
  readonly environmentId: string | null;
  readonly source: string;
}

interface GivenIntent extends Pick<IntentRow, 'id' | 'resourceId' | 'action' | 'token'> {
  readonly epoch: number;
}

interface GivenOutcome extends Pick<IntentRow, 'id' | 'resourceId'> {
  readonly outcome: NonNullable<IntentRow['outcome']>;
}

interface GivenOutside extends GivenEvent {
  readonly outsideId: string;
  readonly firstAt: string;
  readonly lastAt: string;
}

type Outside = Partial<Pick<EventRow, 'outsideId' | 'outsideCount' | 'firstAt' | 'lastAt'>>;

function newEvent(
  run: Run,
  [resourceId, projectId, environmentId, source]: Values,
  event: GivenEvent,
  outside: Outside,
) {
  const { object, type, reason, message, count } = event;
  const row: EventRow = {
    id: run.engine.nextValue('event_id_seq'),
    resourceId: text(resourceId),
    projectId: optionalText(projectId),
    environmentId: optionalText(environmentId),
    ...{ object, type, reason, message, source: text(source), count },
    ...{ firstAt: run.nowMs, lastAt: run.nowMs, outsideId: null, outsideCount: null },
    ownerObject: event.ownerObject ?? null,
    ...outside,
  };
  return row;
}

/** The newest first. */
function outsideOf(run: Run, resourceId: string): EventRow[] {
  const rows = run.rows(run.tables.event.byResource, [resourceId]).filter((row) => row.outsideId !== null);
  return rows.sort((a, b) => b.lastAt - a.lastAt || Number(b.id - a.id));
}

const answer = ({ type, reason, message, object }: EventRow, isFirst: boolean) => {
  return { type, reason, message, object, isFirst };
};

function intentAnswer(row: IntentRow, nowMs: number): object {
  const { id, resourceId, action, token, begunAt, resolvedAt, outcome } = row;
  const [ageMs, times] = [nowMs - begunAt, { begunAt: iso(begunAt), resolvedAt: isoOrNull(resolvedAt) }];
  return { id, resourceId, action, token, ageMs, ...times, outcome };
}
