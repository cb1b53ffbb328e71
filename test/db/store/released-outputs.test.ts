import test, { type ExecutionContext } from 'ava';
import type { JsonObject } from '../../../lib/canonical.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane } from '../../helpers/plane.js';

const place = { account: 'cloud', location: 'europe-frankfurt' };

test('a controller gets what it stored for an output, in its newest version and under its name', async (t) => {
  const { store, controller, released, ids, fence } = await given(t);
  const resourceId = ids.shop ?? '';
  await store.storeSecret({ resourceId, fence, name: 'outputs/password', value: 'first' }, controller);
  await store.storeSecret({ resourceId, fence, name: 'other', value: 'not for an output' }, controller);
  t.deepEqual(await released('shop'), [['outputs/password', 1, 'first']]);
  await store.storeSecret({ resourceId, fence, name: 'outputs/password', value: 'second' }, controller);
  t.deepEqual(await released('shop'), [['outputs/password', 2, 'second']]);
});

test('a controller gets the secret outputs of what its resource refers to, as they are given', async (t) => {
  const { store, controller, released, ids, fence, rows } = await given(t);
  const resourceId = ids.shop ?? '';
  const name = 'outputs/password';
  await rows(`insert into reference (from_id, path, to_id) values ($1, 'test', $2) returning path`, [
    ids.stack ?? '',
    resourceId,
  ]);
  const first = await store.storeSecret({ resourceId, fence, name, value: 'first' }, controller);
  t.deepEqual(await released('stack'), [], 'it is no output yet');
  await store.reportStatus(
    {
      resourceId,
      fence,
      observedGeneration: 1,
      statusVersion: 0,
      health: 'Healthy',
      conditions: [],
      outputs: { host: 'db.example.com', password: { $secret: { ...first } } },
      observed: {},
      consumed: [],
    },
    controller,
  );
  t.deepEqual(await released('stack'), [[null, 1, 'first']]);
  await store.storeSecret({ resourceId, fence, name, value: 'second' }, controller);
  t.deepEqual(await released('stack'), [[null, 1, 'first']], 'the newer one is not given yet');
});

test('a controller gets the secrets of the definition of its resource, and those of no other thing', async (t) => {
  const { store, operator, released } = await given(t);
  t.deepEqual(await released('search'), [[null, 1, 'definition token']]);
  const renewed = { op: 'update' as const, spec: definition('renewed token') };
  await store.commit(makeChangeset([edit('ManagedServiceDefinition', 'search', renewed.spec, renewed.op)]), operator);
  t.deepEqual(await released('search'), [[null, 2, 'renewed token']]);
});

const definition = (token: string): JsonObject => ({ service: 'search', token });

function edit(kind: string, name: string, spec: JsonObject, op: 'create' | 'update' = 'create') {
  const isPlaced = ['Database', 'TerraformStack', 'ManagedService'].includes(kind);
  return { op, kind, name, spec, project: null, environment: isPlaced ? 'dev' : null };
}

async function given(t: ExecutionContext) {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const { store, operator, controller, rows } = plane;
  await store.commit(
    makeChangeset([
      makeEdit.runtime('dev'),
      makeEdit.environment('dev', { spec: { runtime: 'dev' } }),
      edit('CloudAccount', 'cloud', { provider: 'sandbox', credentials: { keyId: 'k', key: 'account key' } }),
      edit('Database', 'shop', { ...place, engine: 'postgres', size: 'small', storageGb: 20 }),
      edit('TerraformStack', 'stack', { account: 'cloud', module: 'echo' }),
      edit('ManagedServiceDefinition', 'search', definition('definition token')),
      edit('ManagedService', 'search', { account: 'cloud', definition: 'search' }),
    ]),
    operator,
  );
  const found = await rows<{ id: string; name: string; lease_key: string }>(
    `select id, name, lease_key from resource where kind in ('Database', 'TerraformStack', 'ManagedService')`,
  );
  const fence = await plane.lease(found[0]?.lease_key ?? '');
  const kinds = ['Database', 'TerraformStack', 'ManagedService'];
  await store.registerController({ holder: fence.holder, kinds, version: '1' }, controller);
  const ids: Record<string, string> = Object.fromEntries(found.map(({ id, name }) => [name, id]));
  const released = async (name: string) => {
    const secrets = await store.releaseCredential({ resourceId: ids[name] ?? '', fence }, controller);
    return secrets.map((secret) => [secret.name, secret.version, secret.value]);
  };
  return { ...plane, released, ids, fence };
}
