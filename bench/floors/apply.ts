import { randomUUID } from 'node:crypto';
import { Ajv } from 'ajv';
import { secretKind } from '../../schema/kinds/secret.js';
import { appendRevisions, insertChangeset, leaseKeyOf, managers, unseen } from './revise.js';
import { serveFloor } from './serve.js';

interface Edit {
  readonly environment: string;
  readonly name: string;
  readonly spec: object;
}

const findPlace = `select p.id as "projectId", e.id as "environmentId" from resource p
  join resource e on e.kind = 'Environment' and e.scope_id = p.id and e.name = $1
  where p.kind = 'Project' and p.name = 'default' for key share`;
const insert = `insert into resource (id, kind, project_id, environment_id, scope_id, name, spec_version, spec, managers, set_in, lease_key)
  select id, 'Secret', "projectId", "environmentId", "environmentId", name, 1, spec, managers, jsonb_build_object('', "changesetId"), "leaseKey"
  from jsonb_to_recordset($1::jsonb) r (id uuid, "projectId" uuid, "environmentId" uuid, name text, spec jsonb,
    managers jsonb, "changesetId" uuid, "leaseKey" text)`;

const isValid = new Ajv({ strict: false }).compile(secretKind.spec);

/** The same rows by one insert for each table, in one transaction. */
serveFloor((database) => async ({ variables }) => {
  const { edits } = variables.input as { readonly edits: readonly Edit[] };
  if (!edits.every(({ spec }) => isValid(spec))) throw new Error('A spec is not valid.');
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    const found = await client.query({ name: 'place', text: findPlace, values: [edits[0]?.environment] });
    const changesetId = randomUUID();
    const rows = edits.map(({ name, spec }, ordinal) => {
      const id = randomUUID();
      const row = { id, ...found.rows[0], name, spec, managers, changesetId, leaseKey: leaseKeyOf(id), ordinal };
      return { ...row, op: 'created', generation: 1, version: 1, before: null, after: unseen };
    });
    const text = JSON.stringify(rows);
    await client.query({ name: 'insert', text: insert, values: [text] });
    await client.query({ name: 'changeset', text: insertChangeset, values: [changesetId, rows.length] });
    await client.query({ name: 'append', text: appendRevisions, values: [text] });
    await client.query('commit');
    return { data: { apply: { changesetId, edits: rows.map(({ id, name }) => ({ resourceId: id, name })) } } };
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
});
