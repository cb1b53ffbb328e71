import { randomUUID } from 'node:crypto';
import { Ajv } from 'ajv';
import type { PoolClient } from 'pg';
import { secretKind } from '../../schema/kinds/secret.js';
import { appendRevisions, insertChangeset, leaseKeyOf, managers, unseen } from './revise.js';
import { serveFloor } from './serve.js';

interface Input {
  readonly environment: string;
  readonly name: string;
  readonly spec: object;
  readonly expectedVersion?: number;
}
interface Place {
  readonly projectId: string;
  readonly environmentId: string;
}
interface Stored extends Place {
  readonly id: string;
  readonly generation: number;
  readonly version: number;
  readonly leaseKey: string;
}

const findPlace = `select p.id as "projectId", e.id as "environmentId" from resource p
  join resource e on e.kind = 'Environment' and e.scope_id = p.id and e.name = $1
  where p.kind = 'Project' and p.name = 'default' for key share`;
const insert = `insert into resource (id, kind, project_id, environment_id, scope_id, name, spec_version, spec, managers, set_in, lease_key)
  values ($1, 'Secret', $2, $3, $3, $4, 1, $5, $6, $7, $8)`;
const lock = `select r.id, r.project_id as "projectId", r.environment_id as "environmentId", r.generation, r.version, r.lease_key as "leaseKey"
  from resource r join resource e on e.id = r.scope_id and e.kind = 'Environment' and e.name = $1
  where r.kind = 'Secret' and r.name = $2 for no key update of r`;
const update = `update resource set spec = $2, generation = generation + 1, version = version + 1, managers = $3, set_in = $4,
  updated_at = now() where id = $1`;

const isValid = new Ajv({ strict: false }).compile(secretKind.spec);

/** One transaction by hand: validation, the row with its version checked under a lock, the changeset, the log. */
serveFloor((database) => async ({ variables }) => {
  const input = variables.input as Input;
  if (!isValid(input.spec)) throw new Error('The spec is not valid.');
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    const verb = input.expectedVersion === undefined ? 'createSecret' : 'updateSecret';
    const row = verb === 'createSecret' ? await create(client, input) : await change(client, input);
    await client.query('commit');
    return { data: { [verb]: row } };
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
});

async function create(client: PoolClient, { environment, name, spec }: Input) {
  const [place] = (await client.query<Place>({ name: 'place', text: findPlace, values: [environment] })).rows;
  if (!place) throw new Error(`There is no environment ${environment}.`);
  const [id, changesetId] = [randomUUID(), randomUUID()];
  const leaseKey = leaseKeyOf(id);
  const row = { id, ...place, name, leaseKey, op: 'created', generation: 1, version: 1, before: null };
  const { projectId, environmentId } = place;
  await client.query({
    name: 'insert',
    text: insert,
    values: [id, projectId, environmentId, name, spec, managers, { '': changesetId }, leaseKey],
  });
  await log(client, changesetId, { ...row, spec });
  return { id, name, generation: 1, version: 1 };
}

async function change(client: PoolClient, { environment, name, spec, expectedVersion }: Input) {
  const [row] = (await client.query<Stored>({ name: 'lock', text: lock, values: [environment, name] })).rows;
  if (row?.version !== expectedVersion) throw new Error(`${name} is not at version ${expectedVersion}.`);
  if (!row) throw new Error(`There is no ${name}.`);
  const changesetId = randomUUID();
  await client.query({ name: 'update', text: update, values: [row.id, spec, managers, { '': changesetId }] });
  const next = { generation: row.generation + 1, version: row.version + 1 };
  await log(client, changesetId, { ...row, ...next, name, spec, op: 'updated', before: unseen });
  return { id: row.id, name, ...next };
}

async function log(client: PoolClient, changesetId: string, row: object): Promise<void> {
  await client.query({ name: 'changeset', text: insertChangeset, values: [changesetId, 1] });
  const revision = { ...row, ordinal: 0, changesetId, after: unseen, managers };
  await client.query({ name: 'append', text: appendRevisions, values: [JSON.stringify([revision])] });
}
