import { canonicalJson, isSameJson, type Json, type JsonObject } from '../../lib/canonical.js';
import { ConflictError } from '../../lib/errors.js';
import type { Condition } from '../../lib/health.js';
import type { Output, Outputs, ResourceStatus, StoredCondition } from '../../model/resource.js';
import { healthOf, type SettledInput } from '../../model/settled.js';
import type { Actor, StatusInput } from '../contract.js';
import type { Transaction } from '../database.js';
import type { Call } from '../exchange.js';
import { statement } from '../statement.js';
import { type Asked, askTogether, type Told } from './asked.js';
import { checkOutputs } from './check-outputs.js';
import { inTransaction, type StoreContext } from './context.js';
import { lockAllFenced } from './fence.js';
import { commitWithRevisions, type NewRevision } from './revisions.js';
import { lockIds, type ResourceRow } from './rows.js';
import { sideRevision } from './side-revision.js';

/**
 * What a controller saw. Refused unless it is about the current generation and was computed from the stored status, by
 * the holder of the lease. An equal report writes nothing.
 */
export async function reportStatus(
  context: StoreContext,
  input: StatusInput,
  actor: Actor,
): Promise<{ readonly statusVersion: number; readonly isChanged: boolean }> {
  const { answer, hasRevision } = await inTransaction(context, async (transaction) => {
    const reading = (ids: readonly string[]) => readingStatuses(ids.length > 0 ? [input] : []);
    const { rows, found } = await lockAllFenced(transaction, [input], actor, reading);
    const reports = [...rows.values()].map((row) => ({ row, input }));
    const asked = await writingStatuses(context, transaction, reports, actor, found);
    const { answers, isCommitted } = await askTogether(transaction, [asked], { earlier: [], isLast: true });
    const { revisions, statusVersion, isChanged } = answers[0] ?? unknown();
    if (!isCommitted) await commitWithRevisions(transaction, revisions);
    return { answer: { statusVersion, isChanged }, hasRevision: revisions.length > 0 };
  });
  if (hasRevision) context.wake();
  return answer;
}

/** What one report of a status has done. */
export interface TakenStatus extends Told {
  readonly statusVersion: number;
  readonly isChanged: boolean;
}

/** What is stored of whom these tell, of which each is told once, to be read once they are locked. */
export function readingStatuses(
  inputs: readonly StatusInput[],
): readonly [...Call[], Call<StoredStatus>] | readonly [] {
  if (inputs.length === 0) return [];
  const asked = inputs.map(({ resourceId, consumed }) => ({ id: resourceId, consumed }));
  const reading = { statement: readStatuses, values: [JSON.stringify(asked)] };
  const producers = [...new Set(inputs.flatMap(({ consumed }) => consumed.map(({ resourceId }) => resourceId)))];
  // Share: a producer that reports newer outputs waits for us, or we see them.
  return producers.length > 0 ? [{ statement: lockProducers, values: [producers] }, reading] : [reading];
}

/**
 * Of resources that differ, for a transaction that has locked them and checked the fence, and appends the revisions at its
 * end. `stored` is what `readingStatuses` of these inputs read since. Throws when one is refused.
 */
export async function writingStatuses(
  context: StoreContext,
  transaction: Transaction,
  reports: readonly { readonly row: ResourceRow; readonly input: StatusInput }[],
  actor: Actor,
  stored: readonly StoredStatus[],
): Promise<Asked<TakenStatus>> {
  const storedOf = new Map(stored.map(({ id, ...status }) => [id, status]));
  const taken: { readonly stored: ResourceStatus; readonly next: Status; readonly isChanged: boolean }[] = [];
  for (const { row, input } of reports) {
    const { now, isBehind, ...stored } = storedOf.get(row.id) ?? unknown();
    refuseStale(row, stored, input);
    await checkOutputs(context, transaction, row, input.outputs);
    const next = nextStatus(stored, input, isBehind, now);
    taken.push({ stored, next, isChanged: !isSameJson(next, withoutVersion(stored)) });
  }
  const written = reports.flatMap(({ row }, index) => {
    const { stored, next, isChanged } = taken[index] ?? unknown();
    return isChanged ? [{ id: row.id, version: stored.version + 1, ...next }] : [];
  });
  const answers = reports.map(({ row }, index) => {
    const { stored, next, isChanged } = taken[index] ?? unknown();
    const statusVersion = isChanged ? stored.version + 1 : stored.version;
    const revisions = isChanged ? [statusRevision(row, stored, next, statusVersion, actor)] : [];
    return { statusVersion, isChanged, revisions };
  });
  // After all of them: who is marked may have told of itself here too, and versions only rise in the log.
  const produced = reports.flatMap(({ row }, index): Produced[] => {
    const { stored, next, isChanged } = taken[index] ?? unknown();
    const isNew = isChanged && !isSameJson(stored.outputs, next.outputs);
    return isNew ? [{ id: row.id, version: newestOutput(next.outputs) }] : [];
  });
  const calls: readonly Call[] = [
    ...(written.length > 0 ? [{ statement: writeStatuses, values: [JSON.stringify(written)] }] : []),
    ...(produced.length > 0 ? [{ statement: listConsumers, values: [JSON.stringify(produced)] }] : []),
  ];
  return {
    calls,
    revisions: produced.length > 0 ? null : answers.flatMap(({ revisions }) => revisions),
    async answersOf(rows) {
      // Who consumes older outputs than are stored now.
      const consumers = produced.length > 0 ? (rows[1] as readonly Consumer[]) : [];
      answers.at(-1)?.revisions.push(...(await markConsumers(transaction, produced, consumers, actor)));
      return answers;
    },
  };
}

function unknown(): never {
  throw new Error('A report was lost while it was taken. This is a defect in Portolan; please report it.');
}

type Status = Omit<ResourceStatus, 'version'>;

const withoutVersion = ({ version: _, ...status }: ResourceStatus): Status => status;

function refuseStale(row: ResourceRow, stored: ResourceStatus, input: StatusInput): void {
  const title = `${row.kind} ${row.name} (${row.id})`;
  if (input.observedGeneration !== row.generation) {
    throw new ConflictError(
      `${title} is at generation ${row.generation}; this status was computed from ${input.observedGeneration}. Look again.`,
      { generation: row.generation },
    );
  }
  if (input.statusVersion !== stored.version) {
    throw new ConflictError(
      `The status of ${title} is at version ${stored.version}; this one was computed from ${input.statusVersion}. Look again.`,
      { statusVersion: stored.version },
    );
  }
}

function nextStatus(stored: ResourceStatus, input: StatusInput, isStale: boolean, now: string): Status {
  return {
    observedGeneration: input.observedGeneration,
    health: input.health,
    conditions: input.conditions.map((condition) => stamped(condition, stored.conditions, now)),
    outputs: versioned(stored.outputs, input.outputs),
    consumed: Object.fromEntries(input.consumed.map(({ resourceId, version }) => [resourceId, version])),
    isStale,
    observed: input.observed,
  };
}

/** `since` is when the status of the condition changed, not its reason or message. */
function stamped(condition: Condition, stored: readonly StoredCondition[], now: string): StoredCondition {
  const { type, status, reason, message } = condition;
  const before = stored.find((other) => other.type === type && other.status === status);
  return { type, status, reason, message, since: before?.since ?? now };
}

/**
 * A changed output gets a version above all that this resource gave so far, so that the highest one tells whether a
 * consumer has seen everything. One that is given no more keeps its last value, and is changed by that.
 */
function versioned(stored: Outputs, values: JsonObject): Outputs {
  const next = newestOutput(stored) + 1;
  const given = Object.entries(values).map(([name, value]): [string, Output] => {
    const before = stored[name];
    const isSame = before && !before.isVanished && canonicalJson(before.value) === canonicalJson(value);
    return [name, { value: value as Json, version: isSame ? before.version : next }];
  });
  const gone = Object.entries(stored)
    .filter(([name]) => !(name in values))
    .map(([name, before]): [string, Output] => {
      return [name, before.isVanished ? before : { value: before.value, version: next, isVanished: true }];
    });
  return Object.fromEntries([...given, ...gone]);
}

function newestOutput(outputs: Outputs): number {
  return Math.max(0, ...Object.values(outputs).map((output) => output.version));
}

/** `stored` is what was read under the lock: what came with the row may be older, if the lock was waited for. */
function statusRevision(
  row: ResourceRow,
  stored: ResourceStatus,
  status: Status,
  statusVersion: number,
  actor: Actor,
): NewRevision {
  const { health, conditions, outputs, observed, observedGeneration, isStale } = status;
  const document = {
    health,
    conditions: conditions.map((condition) => ({ ...condition })),
    outputs: outputs as unknown as JsonObject,
    observed,
    observedGeneration,
    isStale,
  };
  const isDeleting = row.deletionRequestedAt !== null;
  const healthIn = (told: SettledInput['status']) => healthOf({ generation: row.generation, isDeleting, status: told });
  const { before, after, ...revision } = sideRevision(row, 'status', document, actor);
  return {
    ...revision,
    statusVersion,
    before: before && { ...before, health: healthIn(stored.version === 0 ? null : stored) },
    after: after && { ...after, health: healthIn(status) },
  };
}

/** `isBehind`: it is told to have consumed older outputs than are stored. */
export type StoredStatus = ResourceStatus & { readonly id: string; readonly now: string; readonly isBehind: boolean };

interface Consumer {
  readonly producerId: string;
  readonly id: string;
}

/** A resource, and the version of its newest output. */
interface Produced {
  readonly id: string;
  readonly version: number;
}

/** Consumers of older outputs are stale from now on, which wakes them. */
async function markConsumers(
  transaction: Transaction,
  produced: readonly Produced[],
  consumers: readonly Consumer[],
  actor: Actor,
): Promise<readonly NewRevision[]> {
  const revisions: NewRevision[] = [];
  for (const { id, version } of produced) {
    const ids = consumers.filter(({ producerId }) => producerId === id).map((consumer) => consumer.id);
    if (ids.length === 0) continue;
    const rows = await lockIds(transaction, ids, 'edit');
    const marked = await transaction.query(markStale, [rows.map((row) => row.id), id, version]);
    for (const row of rows) {
      const status = marked.find((consumer) => consumer.id === row.id);
      if (!status) continue;
      revisions.push(statusRevision(row, { ...status, isStale: false }, status, status.version, actor));
    }
  }
  return revisions;
}

const columns = `version, observed_generation as "observedGeneration", health, conditions, outputs, consumed,
  is_stale as "isStale", observed`;

const lockProducers = statement(
  'status.lock-producers',
  'select id from resource where id = any($1::uuid[]) order by id for share',
);
// Of one of which nothing was told yet: as if nothing had been seen. The moment is that of the transaction.
const readStatuses = statement<StoredStatus>(
  'status.read',
  `select r.id, now() as now, coalesce(s.version, 0) as version, coalesce(s.observed_generation, 0) as "observedGeneration",
     coalesce(s.health, 'Progressing') as health, coalesce(s.conditions, '[]') as conditions,
     coalesce(s.outputs, '{}') as outputs, coalesce(s.consumed, '{}') as consumed,
     coalesce(s.is_stale, false) as "isStale", coalesce(s.observed, '{}') as observed,
     exists (
       select 1 from jsonb_to_recordset(r.consumed) as c ("resourceId" uuid, version int)
       join resource_status p on p.resource_id = c."resourceId"
       cross join lateral jsonb_each(p.outputs) as o
       where (o.value ->> 'version')::int > c.version
     ) as "isBehind"
   from jsonb_to_recordset($1::jsonb) as r (id uuid, consumed jsonb) left join resource_status s on s.resource_id = r.id`,
);
const writeStatuses = statement(
  'status.write',
  `insert into resource_status (resource_id, version, observed_generation, health, conditions, outputs, consumed, is_stale, observed)
   select d.id, d.version, d."observedGeneration", d.health, d.conditions, d.outputs, d.consumed, d."isStale", d.observed
   from jsonb_to_recordset($1::jsonb) as d (id uuid, version int, "observedGeneration" int, health text, conditions jsonb,
     outputs jsonb, consumed jsonb, "isStale" boolean, observed jsonb)
   on conflict (resource_id) do update set version = excluded.version, observed_generation = excluded.observed_generation,
     health = excluded.health, conditions = excluded.conditions, outputs = excluded.outputs, consumed = excluded.consumed,
     is_stale = excluded.is_stale, observed = excluded.observed, updated_at = now()`,
);
const listConsumers = statement<Consumer>(
  'status.list-consumers',
  `select p.id as "producerId", s.resource_id as id
   from jsonb_to_recordset($1::jsonb) as p (id text, version int)
   join resource_status s on s.consumed ? p.id and (s.consumed ->> p.id)::int < p.version and not s.is_stale`,
);
const markStale = statement<ResourceStatus & { id: string }>(
  'status.mark-stale',
  `update resource_status set is_stale = true, version = version + 1, updated_at = now()
   where resource_id = any($1::uuid[]) and (consumed ->> $2::text)::int < $3 and not is_stale
   returning resource_id as id, ${columns}`,
);
