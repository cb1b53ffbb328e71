import { randomBytes } from 'node:crypto';
import anyTest, { type TestFn } from 'ava';
import { checkKey } from '../../../db/check-key.js';
import { createCipher } from '../../../db/cipher.js';
import type { JsonObject } from '../../../lib/canonical.js';
import { BadInputError, ConflictError, ForbiddenError } from '../../../lib/errors.js';
import type { Edit } from '../../../model/changeset.js';
import { everyColumn } from '../../helpers/every-column.js';
import { configMap, makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

const kubeconfig = (token: string) => ({ provider: 'kubeconfig', cluster: { server: 'https://203.0.113.7', token } });
const secret = (name: string, password: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  stringData: { password },
});
const appOf = (name: string, password: string) =>
  makeEdit.app(name, {
    op: 'apply',
    spec: { components: [{ name: 'web', type: 'manifests', objects: [secret('db', password), configMap('other')] }] },
  });

const withDependency = (app: Edit, dependency: JsonObject): Edit => ({
  ...app,
  spec: { ...app.spec, dependencies: [dependency] },
});

test('no column of any table holds a token or Secret data in plain', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const canaries = [
    'canary-token-5d1c',
    'canary-password-77ab',
    'canary-stored-90ef',
    'canary-refused-12cd',
    'canary-needed-31aa',
    'canary-chosen-44be',
    'canary-alone-8c02',
    'canary-usual-6fd7',
  ];
  const [token = '', password = '', stored = '', refused = '', needed = '', chosen = '', alone = '', usual = ''] =
    canaries;
  const { store, operator, controller } = plane;
  const changeset = makeChangeset(
    [
      makeEdit.runtime('secret', { spec: kubeconfig(token) }),
      makeEdit.environment('secret', { spec: { runtime: 'secret', tier: 'secret' } }),
      makeEdit.tier('secret', {
        spec: { order: 1, defaults: [{ kind: 'Secret', spec: { values: { usual } } }] },
      }),
      withDependency(appOf('secret', password), { name: 'keys', kind: 'Secret', spec: { values: { needed } } }),
      makeEdit.instance('secret', 'secret', {
        spec: { app: 'secret', dependencies: { keys: { spec: { values: { chosen } } } } },
      }),
      makeEdit.secret('alone', 'secret', { spec: { values: { alone } } }),
    ],
    { idempotencyKey: 'once' },
  );
  const committed = await store.commit(changeset, operator);
  t.deepEqual(await store.commit(changeset, operator), committed);
  const runtimeId = committed.edits[0]?.resourceId ?? '';
  const fence = await plane.lease(`KubernetesRuntime/${runtimeId}`);
  await store.storeSecret({ resourceId: runtimeId, fence, name: 'made', value: stored }, controller);
  await t.throwsAsync(store.commit(makeChangeset([appOf('secret', refused), makeEdit.tier('Not A Name')]), operator), {
    instanceOf: BadInputError,
  });

  const text = (await everyColumn(plane.database)).join('\n');
  t.true(text.includes('203.0.113.7'), 'The scan sees what is not secret.');
  for (const canary of canaries) {
    t.false(text.includes(canary), canary);
    t.false(text.includes(Buffer.from(canary).toString('base64')), `${canary} in base64`);
  }
  t.is((await plane.rows('select from secret_value')).length, 7);
  const [owned] = await plane.rows<{ spec: { values: object } }>(
    `select spec from resource where kind = 'Secret' and name = 'keys'`,
  );
  t.deepEqual(Object.keys(owned?.spec.values ?? {}).sort(), ['chosen', 'needed', 'usual']);
});

test('the same value at the same place keeps its reference, and another one gets the next version', async (t) => {
  const { store, operator, rows } = t.context.plane;
  await store.commit(makeChangeset([appOf('kept', 'one')]), operator);
  const again = await store.commit(makeChangeset([appOf('kept', 'one')]), operator);
  t.is(again.edits[0]?.result, 'unchanged');
  await store.commit(makeChangeset([appOf('kept', 'two')]), operator);
  const values = await rows(
    `select v.version, v.path, count(*) over (partition by v.id) as same from secret_value v
     join resource r on r.id = v.resource_id where r.name = 'kept' order by v.version`,
  );
  t.deepEqual(values, [
    { version: 1, path: 'components/web/objects/Secret/db/stringData/password', same: 2n },
    { version: 2, path: 'components/web/objects/Secret/db/stringData/password', same: 2n },
  ]);
  t.is((await rows(`select from release l join resource r on r.id = l.app_id where r.name = 'kept'`)).length, 2);
});

test('an exported spec can be applied again, but not with the secret of another resource', async (t) => {
  const { store, operator, rows } = t.context.plane;
  await store.commit(
    makeChangeset([
      makeEdit.runtime('mine', { spec: kubeconfig('a') }),
      makeEdit.runtime('theirs', { spec: kubeconfig('b') }),
    ]),
    operator,
  );
  const [mine, theirs] = await rows<{ spec: { cluster: { token: { $secret: { id: string; version: number } } } } }>(
    `select spec from resource where name in ('mine', 'theirs') order by name`,
  );
  const export_ = { provider: 'kubeconfig', cluster: { ...mine?.spec.cluster, server: 'https://203.0.113.7' } };
  const apply = (spec: typeof export_ | object) =>
    store.commit(makeChangeset([makeEdit.runtime('mine', { op: 'apply', spec: { ...spec } })]), operator);
  t.is((await apply(export_)).edits[0]?.result, 'unchanged');
  const stolen = {
    provider: 'kubeconfig',
    cluster: { server: 'https://203.0.113.7', token: theirs?.spec.cluster.token },
  };
  await t.throwsAsync(apply(stolen), {
    instanceOf: BadInputError,
    message: /is a secret whose value is not on this plane|A \$secret that it names/,
  });
  const hidden = makeEdit.app('thief', {
    spec: {
      components: [
        { name: 'web', type: 'manifests', objects: [configMap('a', { stolen: { ...theirs?.spec.cluster.token } })] },
      ],
    },
  });
  await t.throwsAsync(store.commit(makeChangeset([hidden]), operator), { instanceOf: BadInputError });
});

test('a controller with the lease gets the plaintext of a workload, and it is recorded', async (t) => {
  const plane = t.context.plane;
  const { store, operator, controller, rows } = plane;
  const { edits } = await store.commit(
    makeChangeset([
      makeEdit.runtime('released'),
      makeEdit.environment('released', { spec: { runtime: 'released' } }),
      appOf('released', 'open sesame'),
      makeEdit.instance('released', 'released'),
    ]),
    operator,
  );
  const [workload] = await rows<{ id: string; lease_key: string }>(
    `select id, lease_key from resource where owner_id = $1 and name = 'web'`,
    [edits[3]?.resourceId ?? ''],
  );
  const resourceId = workload?.id ?? '';
  const fence = await plane.lease(workload?.lease_key ?? '');
  const release = (actor = controller, given = fence) => store.releaseCredential({ resourceId, fence: given }, actor);

  await t.throwsAsync(release(), { instanceOf: ForbiddenError, message: /No controller is registered as/ });
  await store.registerController({ holder: fence.holder, kinds: ['KubernetesRuntime'], version: '1' }, controller);
  await t.throwsAsync(release(), { instanceOf: ForbiddenError, message: /not registered for the kind Workload/ });
  await store.registerController({ holder: fence.holder, kinds: ['Workload'], version: '1' }, controller);
  t.like((await release())[0], { value: 'open sesame', version: 1 });
  await t.throwsAsync(release(operator), { instanceOf: ForbiddenError });
  await t.throwsAsync(release({ ...controller, principalId: operator.principalId }), { instanceOf: ForbiddenError });
  await t.throwsAsync(release(controller, { ...fence, epoch: fence.epoch + 1 }), { instanceOf: ForbiddenError });
  t.deepEqual(await rows('select actor, is_allowed from audit where resource_id = $1 order by id', [resourceId]), [
    { actor: 'controller', is_allowed: false },
    { actor: 'controller', is_allowed: false },
    { actor: 'controller', is_allowed: true },
    { actor: 'operator', is_allowed: false },
    { actor: 'controller', is_allowed: false },
    { actor: 'controller', is_allowed: false },
  ]);
});

test('a renewed token is released in the place of the one in the spec, until the spec gets another', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const { store, operator, controller } = plane;
  const { edits } = await store.commit(
    makeChangeset([makeEdit.runtime('renewed', { spec: kubeconfig('first') })]),
    operator,
  );
  const resourceId = edits[0]?.resourceId ?? '';
  const fence = await plane.lease(`KubernetesRuntime/${resourceId}`);
  await store.registerController({ holder: fence.holder, kinds: ['KubernetesRuntime'], version: '1' }, controller);
  const released = async () =>
    (await store.releaseCredential({ resourceId, fence }, controller)).map(({ value, version }) => [value, version]);

  const [before] = await store.releaseCredential({ resourceId, fence }, controller);
  const renewed = await store.storeSecret({ resourceId, fence, name: 'cluster/token', value: 'second' }, controller);
  t.deepEqual(renewed, { id: before?.id, version: 2 }, 'it is the same secret');
  t.deepEqual(await released(), [['second', 2]]);

  for (let turn = 0; turn < 9; turn += 1)
    await store.storeSecret({ resourceId, fence, name: 'cluster/token', value: `turn ${turn}` }, controller);
  t.deepEqual(
    (await plane.rows<{ version: number }>('select version from secret_value order by version')).map(
      (row) => row.version,
    ),
    [1, 9, 10, 11],
    'the one of the spec and the last ones are kept',
  );

  const given = makeEdit.runtime('renewed', { op: 'update', spec: kubeconfig('third') });
  await store.commit(makeChangeset([given]), operator);
  t.deepEqual(await released(), [['third', 12]]);
});

test('a workload is given the secrets of its own release, whatever a newer release holds', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const { store, operator, controller, rows } = plane;
  const committed = await store.commit(
    makeChangeset([
      makeEdit.runtime('pinned'),
      makeEdit.environment('pinned', { spec: { runtime: 'pinned' } }),
      appOf('pinned', 'of release 1'),
      makeEdit.instance('pinned', 'pinned'),
    ]),
    operator,
  );
  await store.commit(makeChangeset([appOf('pinned', 'of release 2')]), operator);
  const [workload] = await rows<{ id: string; lease_key: string }>(
    `select id, lease_key from resource where owner_id = $1 and name = 'web'`,
    [committed.edits[3]?.resourceId ?? ''],
  );
  const fence = await plane.lease(workload?.lease_key ?? '');
  await store.registerController({ holder: fence.holder, kinds: ['Workload'], version: '1' }, controller);
  const released = await store.releaseCredential({ resourceId: workload?.id ?? '', fence }, controller);
  t.deepEqual(
    released.map(({ value, version }) => [value, version]),
    [['of release 1', 1]],
  );
});

test('a server with another encryption key does not start on this database', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const stranger = createCipher(randomBytes(32));
  await checkKey(plane.database, stranger);
  await plane.store.commit(makeChangeset([makeEdit.runtime('keyed', { spec: kubeconfig('a') })]), plane.operator);
  await checkKey(plane.database, plane.storeOptions.cipher);
  await t.throwsAsync(checkKey(plane.database, stranger), { message: /Put back the encryption\.key/ });
});

test('the same idempotency key gives the same result, and another input under it is a CONFLICT', async (t) => {
  const { store, operator, controller, rows } = t.context.plane;
  const once = { idempotencyKey: 'key-1' };
  const changeset = makeChangeset([makeEdit.tier('idempotent')], once);
  const results = await Promise.all(Array.from({ length: 10 }, () => store.commit(changeset, operator)));
  for (const result of results) t.deepEqual(result, results[0]);
  t.is((await rows(`select from revision where name = 'idempotent'`)).length, 1);
  await t.throwsAsync(store.commit(makeChangeset([makeEdit.tier('another')], once), operator), {
    instanceOf: ConflictError,
    message: /used for another input/,
  });
  await t.throwsAsync(store.commit(changeset, controller), { instanceOf: ConflictError, message: /already/ });
});
