import { writerKeyBase } from '../../db/revision-lock.js';

/** A row of the log for each element of $1, under one number, as lossless readers need it: lock before number. */
export const appendRevisions = `with taken as materialized (
    select pg_advisory_xact_lock_shared(${writerKeyBase} + last_value) from revision_seq
  ), numbered as materialized (select nextval('revision_seq') as seq from taken)
  insert into revision (seq, ordinal, changeset_id, resource_id, kind, project_id, environment_id, name, lease_key, op,
    generation, version, actor, manager, before, after, document)
  select numbered.seq, r.ordinal, r."changesetId", r.id, 'Secret', r."projectId", r."environmentId", r.name,
    r."leaseKey", r.op, r.generation, r.version, 'operator', 'operator', r.before, r.after,
    jsonb_build_object('spec', r.spec, 'labels', '{}'::jsonb, 'managers', r.managers, 'specVersion', 1, 'references', '[]'::jsonb)
  from numbered, jsonb_to_recordset($1::jsonb) r (ordinal int, "changesetId" uuid, id uuid, "projectId" uuid,
    "environmentId" uuid, name text, "leaseKey" text, op text, generation int, version int, before jsonb, after jsonb,
    spec jsonb, managers jsonb)
  returning seq`;

export const insertChangeset = `insert into changeset (id, actor, manager, edits) values ($1, 'operator', 'operator', $2)`;

/** Which shard acts on a resource: here only that there is one. */
export const leaseKeyOf = (id: string): string => `shard/${Number.parseInt(id.slice(0, 2), 16)}`;

export const managers = { generate: 'operator' };
export const unseen = { health: 'Progressing', labels: {}, isDeleting: false };
