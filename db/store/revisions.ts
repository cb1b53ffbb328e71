import type { Revision } from '../contract.js';
import type { Transaction } from '../database.js';
import type { Call } from '../exchange.js';
import { writerKeyBase } from '../revision-lock.js';
import { statement, type Value } from '../statement.js';

/** One entry to be written: the envelope as it is after, and what filters look at before and after. */
export type NewRevision = Omit<Revision, 'seq' | 'ordinal' | 'at'> & {
  /** Left out: as after. */
  readonly generationBefore?: number;
  /** The document lacks nothing of what the tables say beside. */
  readonly isDocumented?: boolean;
};

/**
 * Appends all revisions of a transaction under one number, and returns it. Documents of desired state are completed by
 * what the tables say beside: whatever a read at a moment answers must be in the log. So is health, of all entries but
 * those of a status: what was read with the row may be older than its lock, if that was waited for, and who looks at
 * Healthy ones alone relies on both sides. Must be the last statement of the transaction, after every row that they are
 * about was locked: the number orders the changes of each resource.
 */
export async function appendRevisions(transaction: Transaction, revisions: readonly NewRevision[]): Promise<bigint> {
  const [[first]] = await transaction.queryAll([appending(revisions)]);
  if (!first) throw new Error('No revision was given to append. This is a defect in Portolan; please report it.');
  return first.seq;
}

/** The same as the end of the transaction, which is committed in the same round trip. */
export async function commitWithRevisions(transaction: Transaction, revisions: readonly NewRevision[]): Promise<void> {
  if (revisions.length > 0) await transaction.commitWith([appending(revisions)]);
}

/** The same, to be sent with what is written before. */
export function appending(revisions: readonly NewRevision[]): Call<{ seq: bigint }> {
  const [first, ...others] = revisions;
  if (first?.isDocumented && others.length === 0) return { statement: appendOne, values: valuesOf(first) };
  const rows = revisions.map(({ isDocumented, ...revision }, ordinal) => ({
    ...revision,
    generationBefore: revision.generationBefore ?? revision.generation,
    ordinal,
  }));
  const chosen = revisions.every(isComplete) ? appendComplete : append;
  return { statement: chosen, values: [JSON.stringify(rows), writerKeyBase] };
}

/** Nothing of it is to be looked up: nobody else could say anything of what is new, or what it says is all there is. */
function isComplete({ op, isDocumented = false }: NewRevision): boolean {
  return op === 'status' || op === 'removed' || (op === 'created' && isDocumented);
}

const json = (value: object | null) => (value === null ? null : JSON.stringify(value));

function valuesOf(revision: NewRevision): readonly Value[] {
  const { changesetId, resourceId, kind, projectId, environmentId, ownerId, name, leaseKey, op } = revision;
  const { generation, version, actor, manager, before, after, document, generationBefore = generation } = revision;
  return [
    ...[writerKeyBase, changesetId, resourceId, kind, projectId, environmentId, ownerId, name, leaseKey, op],
    ...[generation, version, actor, manager, json(before), json(after), json(document), generationBefore],
  ];
}

/** The shared lock, keyed by the newest number, comes before the number: see db/feed/bound.ts for the other side. */
const numberedBy = (keyBase: string) => `with taken as materialized (
     select pg_advisory_xact_lock_shared(${keyBase}::bigint + last_value) from revision_seq
   ), numbered as materialized (
     select nextval('revision_seq') as seq from taken
   )`;

const given = `(
     ordinal int, "changesetId" uuid, "resourceId" uuid, kind text, "projectId" uuid, "environmentId" uuid,
     "ownerId" uuid, name text, "leaseKey" text, op text, generation int, version int, "statusVersion" int,
     actor text, manager text, before jsonb, after jsonb, document jsonb, "generationBefore" int
   )`;

/** Up to what is looked up in one statement and given in the other: both sides, and the document. */
const insertingGiven = `insert into revision (
     seq, ordinal, changeset_id, resource_id, kind, project_id, environment_id, owner_id, name, lease_key, op,
     generation, version, status_version, actor, manager, before, after, document
   )
   select numbered.seq, r.ordinal, r."changesetId", r."resourceId", r.kind, r."projectId", r."environmentId",
     r."ownerId", r.name, r."leaseKey", r.op, r.generation, r.version, r."statusVersion", r.actor, r.manager,`;

/** Of one resource, values beside each other cost half of what a list of one costs. */
const appendOne = statement<{ seq: bigint }>(
  'revisions.append-one',
  `${numberedBy('$1')}
   insert into revision (
     seq, ordinal, changeset_id, resource_id, kind, project_id, environment_id, owner_id, name, lease_key, op,
     generation, version, actor, manager, before, after, document
   )
   select numbered.seq, 0, $2::uuid, $3::uuid, $4, $5::uuid, $6::uuid, $7::uuid, $8, $9, $10,
     $11::int, $12::int, $13, $14,
     $15::jsonb || jsonb_build_object('health', resource_health($18::int,
       case when ($15::jsonb ->> 'isDeleting')::boolean then now() end, s.observed_generation, s.health, s.is_stale)),
     $16::jsonb || jsonb_build_object('health', resource_health($11::int,
       case when ($16::jsonb ->> 'isDeleting')::boolean then now() end, s.observed_generation, s.health, s.is_stale)),
     $17::jsonb
   from numbered left join resource_status s on s.resource_id = $3::uuid
   returning seq`,
);

const appendComplete = statement<{ seq: bigint }>(
  'revisions.append-complete',
  `${numberedBy('$2')}
   ${insertingGiven}
     r.before, r.after, r.document
   from numbered, jsonb_to_recordset($1::jsonb) as r ${given}
   returning seq`,
);

const append = statement<{ seq: bigint }>(
  'revisions.append',
  `${numberedBy('$2')}
   ${insertingGiven}
     case when shown.before is null then r.before else r.before || jsonb_build_object('health', shown.before) end,
     case when shown.after is null then r.after else r.after || jsonb_build_object('health', shown.after) end,
     case when r.op in ('created', 'updated', 'deletionRequested')
       then r.document || (
         select jsonb_build_object('specVersion', o.spec_version, 'references', (
           select coalesce(jsonb_agg(jsonb_build_object('path', f.path, 'toId', f.to_id) order by f.path), '[]')
           from reference f where f.from_id = o.id))
           || case when o.on_demand then jsonb_build_object('isOnDemand', true, 'isKept', o.on_demand_keep) else '{}' end
         from resource o where o.id = r."resourceId")
       else r.document end
   from numbered, jsonb_to_recordset($1::jsonb) as r ${given} left join lateral (
     select resource_health(r."generationBefore",
         case when (r.before ->> 'isDeleting')::boolean then o.deletion_requested_at end,
         s.observed_generation, s.health, s.is_stale) as before,
       resource_health(o.generation, o.deletion_requested_at, s.observed_generation, s.health, s.is_stale) as after
     from resource o left join resource_status s on s.resource_id = o.id
     where o.id = r."resourceId" and r.op not in ('status', 'removed') offset 0
   ) shown on true
   returning seq`,
);
