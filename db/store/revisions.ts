import type { Revision } from '../contract.js';
import type { Transaction } from '../database.js';
import { writerKeyBase } from '../revision-lock.js';
import { statement } from '../statement.js';

/** One entry to be written: the envelope as it is after, and what filters look at before and after. */
export type NewRevision = Omit<Revision, 'seq' | 'ordinal' | 'at'>;

/**
 * Appends all revisions of a transaction under one number, and returns it. Documents of desired state are completed by
 * what the tables say beside: whatever a read at a moment answers must be in the log. Must be the last statement of the
 * transaction, after every row that they are about was locked: the number orders the changes of each resource.
 */
export async function appendRevisions(transaction: Transaction, revisions: readonly NewRevision[]): Promise<bigint> {
  const rows = revisions.map((revision, ordinal) => ({ ...revision, ordinal }));
  const [first] = await transaction.query(append, [JSON.stringify(rows), writerKeyBase]);
  if (!first) throw new Error('No revision was given to append. This is a defect in Portolan; please report it.');
  return first.seq;
}

// The shared lock, keyed by the newest number, comes before the number: see db/feed/bound.ts for the other side.
const append = statement<{ seq: bigint }>(
  'revisions.append',
  `with taken as materialized (
     select pg_advisory_xact_lock_shared($2::bigint + last_value) from revision_seq
   ), numbered as materialized (
     select nextval('revision_seq') as seq from taken
   )
   insert into revision (
     seq, ordinal, changeset_id, resource_id, kind, project_id, environment_id, owner_id, name, lease_key, op,
     generation, version, status_version, actor, manager, before, after, document
   )
   select numbered.seq, r.ordinal, r."changesetId", r."resourceId", r.kind, r."projectId", r."environmentId",
     r."ownerId", r.name, r."leaseKey", r.op, r.generation, r.version, r."statusVersion", r.actor, r.manager,
     r.before, r.after, case when r.op in ('created', 'updated', 'deletionRequested')
       then r.document || (
         select jsonb_build_object('specVersion', o.spec_version, 'references', (
           select coalesce(jsonb_agg(jsonb_build_object('path', f.path, 'toId', f.to_id) order by f.path), '[]')
           from reference f where f.from_id = o.id))
           || case when o.on_demand then jsonb_build_object('isOnDemand', true, 'isKept', o.on_demand_keep) else '{}' end
         from resource o where o.id = r."resourceId")
       else r.document end
   from numbered, jsonb_to_recordset($1::jsonb) as r (
     ordinal int, "changesetId" uuid, "resourceId" uuid, kind text, "projectId" uuid, "environmentId" uuid,
     "ownerId" uuid, name text, "leaseKey" text, op text, generation int, version int, "statusVersion" int,
     actor text, manager text, before jsonb, after jsonb, document jsonb
   )
   returning seq`,
);
