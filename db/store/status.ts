import { canonicalJson, isSameJson, type Json, type JsonObject } from '../../lib/canonical.js';
import { ConflictError } from '../../lib/errors.js';
import type { Condition } from '../../lib/health.js';
import type { Output, Outputs, ResourceStatus, StoredCondition } from '../../model/resource.js';
import { healthOf } from '../../model/settled.js';
import type { Actor, StatusInput } from '../contract.js';
import type { Transaction } from '../database.js';
import { statement } from '../statement.js';
import { checkOutputs } from './check-outputs.js';
import { inTransaction, type StoreContext } from './context.js';
import { matchView } from './draft.js';
import { lockFenced } from './fence.js';
import { appendRevisions, type NewRevision } from './revisions.js';
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
    const row = await lockFenced(transaction, input.resourceId, input.fence, actor);
    // Share: a producer that reports newer outputs waits for us, or we see them.
    const producers = input.consumed.map(({ resourceId }) => resourceId);
    if (producers.length > 0) await transaction.query(lockProducers, [producers]);
    const [stored = nothingYet] = await transaction.query(readStatus, [row.id]);
    refuseStale(row, stored, input);
    await checkOutputs(context, transaction, row, input.outputs);
    const [facts] = await transaction.query(readFacts, [JSON.stringify(input.consumed)]);
    const next = nextStatus(stored, input, facts?.isStale ?? false, facts?.now ?? '');
    if (isSameJson(next, withoutVersion(stored))) {
      return { answer: { statusVersion: stored.version, isChanged: false }, hasRevision: false };
    }
    const version = stored.version + 1;
    await transaction.query(writeStatus, [row.id, version, JSON.stringify(next)]);
    const revisions = isTransition(stored, next) ? [statusRevision(row, next, version, actor)] : [];
    if (!isSameJson(stored.outputs, next.outputs)) {
      revisions.push(...(await markConsumers(transaction, row.id, newestOutput(next.outputs), actor)));
    }
    if (revisions.length > 0) await appendRevisions(transaction, revisions);
    return { answer: { statusVersion: version, isChanged: true }, hasRevision: revisions.length > 0 };
  });
  if (hasRevision) context.wake();
  return answer;
}

type Status = Omit<ResourceStatus, 'version'>;

const nothingYet: ResourceStatus = {
  version: 0,
  observedGeneration: 0,
  health: 'Progressing',
  conditions: [],
  outputs: {},
  consumed: {},
  isStale: false,
  observed: {},
};

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

/** Whether anybody but the controller itself could care. */
function isTransition(before: Status, after: Status): boolean {
  const told = ({ consumed: _, ...status }: Status) => status;
  return !isSameJson(told(before), told(after));
}

function statusRevision(row: ResourceRow, status: Status, statusVersion: number, actor: Actor): NewRevision {
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
  const after = { ...matchView(row), health: healthOf({ generation: row.generation, isDeleting, status }) };
  return { ...sideRevision(row, 'status', document, actor), statusVersion, after };
}

/** Consumers of older outputs are stale from now on, which wakes them. */
async function markConsumers(
  transaction: Transaction,
  producerId: string,
  version: number,
  actor: Actor,
): Promise<readonly NewRevision[]> {
  const ids = (await transaction.query(listConsumers, [producerId, version])).map((consumer) => consumer.id);
  if (ids.length === 0) return [];
  const rows = await lockIds(transaction, ids, 'edit');
  const marked = await transaction.query(markStale, [rows.map((row) => row.id), producerId, version]);
  return rows.flatMap((row) => {
    const status = marked.find((consumer) => consumer.id === row.id);
    return status ? [statusRevision(row, status, status.version, actor)] : [];
  });
}

const columns = `version, observed_generation as "observedGeneration", health, conditions, outputs, consumed,
  is_stale as "isStale", observed`;

const lockProducers = statement(
  'status.lock-producers',
  'select id from resource where id = any($1::uuid[]) order by id for share',
);
const readStatus = statement<ResourceStatus>(
  'status.read',
  `select ${columns} from resource_status where resource_id = $1`,
);
const readFacts = statement<{ now: string; isStale: boolean }>(
  'status.read-facts',
  `select now() as now, exists (
     select 1 from jsonb_to_recordset($1::jsonb) as c ("resourceId" uuid, version int)
     join resource_status s on s.resource_id = c."resourceId"
     cross join lateral jsonb_each(s.outputs) as o
     where (o.value ->> 'version')::int > c.version
   ) as "isStale"`,
);
const writeStatus = statement(
  'status.write',
  `insert into resource_status (resource_id, version, observed_generation, health, conditions, outputs, consumed, is_stale, observed)
   select $1::uuid, $2::int, d."observedGeneration", d.health, d.conditions, d.outputs, d.consumed, d."isStale", d.observed
   from jsonb_to_record($3::jsonb) as d ("observedGeneration" int, health text, conditions jsonb, outputs jsonb,
     consumed jsonb, "isStale" boolean, observed jsonb)
   on conflict (resource_id) do update set version = excluded.version, observed_generation = excluded.observed_generation,
     health = excluded.health, conditions = excluded.conditions, outputs = excluded.outputs, consumed = excluded.consumed,
     is_stale = excluded.is_stale, observed = excluded.observed, updated_at = now()`,
);
const listConsumers = statement<{ id: string }>(
  'status.list-consumers',
  `select resource_id as id from resource_status
   where consumed ? $1::text and (consumed ->> $1::text)::int < $2 and not is_stale`,
);
const markStale = statement<ResourceStatus & { id: string }>(
  'status.mark-stale',
  `update resource_status set is_stale = true, version = version + 1, updated_at = now()
   where resource_id = any($1::uuid[]) and (consumed ->> $2::text)::int < $3 and not is_stale
   returning resource_id as id, ${columns}`,
);
