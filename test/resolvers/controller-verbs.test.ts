import anyTest, { type TestFn } from 'ava';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph }>;

const canary = 'canary-7f3a91c0-secret';

test.before(async (t) => {
  const plane = await createTestPlane();
  t.context = { plane, graph: createTestGraph(plane) };
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'login' },
    stringData: { password: canary },
    data: { token: Buffer.from(canary).toString('base64') },
  };
  await plane.store.commit(
    makeChangeset([
      makeEdit.runtime('prod', {
        spec: { provider: 'kubeconfig', default: true, cluster: { server: 'https://203.0.113.7', token: canary } },
      }),
      makeEdit.environment('dev'),
      makeEdit.app('shop', { spec: { components: [{ name: 'web', type: 'manifests', objects: [secret] }] } }),
      makeEdit.instance('shop', 'dev'),
    ]),
    plane.operator,
  );
});
test.after.always((t) => t.context.plane?.drop());

test.serial('a controller does all that it may, by mutations, and it is read back', async (t) => {
  const { graph, plane } = t.context;
  const actor = plane.controller;
  const call = async <Payload>(verb: string, selection: string, input: object): Promise<Payload> => {
    const type = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}Input`;
    const data = await graph.data<Record<string, Payload>>(
      `mutation ($input: ${type}!) { ${verb}(input: $input) { ${selection} } }`,
      { variables: { input }, actor },
    );
    return data[verb] as Payload;
  };
  const { workloads } = await graph.data<{
    workloads: { nodes: { id: string; leaseKey: string; generation: number }[] };
  }>('{ workloads(filter: { names: ["web"] }) { nodes { id leaseKey generation } } }');
  const [workload] = workloads.nodes;
  if (!workload) throw new Error('No workload.');
  const { id: resourceId, leaseKey } = workload;
  const [, runtimeId = ''] = leaseKey.split('/');

  const holder = 'test';
  t.like(
    await call('registerController', 'holder kinds', {
      holder,
      kinds: ['Workload', 'KubernetesRuntime'],
      version: '1',
    }),
    { holder },
  );
  const { leases } = await call<{ leases: { key: string; epoch: number; ttlMs: number }[] }>(
    'acquireLeases',
    'leases { key epoch expiresAt ttlMs }',
    { holder, keys: [leaseKey], ttlMs: 60_000 },
  );
  t.true((leases[0]?.ttlMs ?? 0) > 50_000);
  const fence = { holder, epoch: leases[0]?.epoch };
  t.like(await call('renewLeases', 'leases { key }', { holder, ttlMs: 60_000 }), { leases: [{ key: leaseKey }] });

  const object = {
    group: '',
    version: 'v1',
    kind: 'Secret',
    namespace: 'shop',
    name: 'login',
    state: 'present',
    origin: 'created',
    uid: 'u1',
    appliedHash: null,
    health: 'Healthy',
    reason: null,
    message: '',
  };
  t.deepEqual(
    {
      ...(await call<object>('reportObjects', 'changed', {
        resourceId,
        fence,
        runtimeId,
        objects: [object],
        absent: [],
      })),
    },
    { changed: 1 },
  );
  const event = { type: 'Warning', reason: 'ApplyFailed', message: 'no route to \0 host', object: 'Secret/shop/login' };
  t.deepEqual(
    { ...(await call<object>('recordEvents', 'recorded', { resourceId, fence, source: 'test', events: [event] })) },
    { recorded: 1 },
  );
  t.deepEqual(
    {
      ...(await call<object>('recordAttempt', 'count', {
        resourceId,
        fence,
        count: 2,
        lastError: 'x\ud800',
        nextRetryAt: '2026-11-22T20:00:00Z',
      })),
    },
    { count: 2 },
  );
  const intent = await call<{ id: string; begunAt: string }>('beginIntent', 'id action token begunAt resolvedAt', {
    resourceId,
    fence,
    action: 'create',
    token: 't',
  });
  t.like(
    await call('resolveIntent', 'id resolvedAt outcome', { resourceId, fence, id: intent.id, outcome: { arn: 'a' } }),
    { id: intent.id, outcome: { arn: 'a' } },
  );
  const status = {
    resourceId,
    fence,
    observedGeneration: workload.generation,
    statusVersion: 0,
    health: 'Healthy',
    conditions: [{ type: 'Ready', status: 'True', reason: 'Available', message: 'All is up.' }],
    outputs: { url: 'http://shop' },
    observed: { objects: 1, objectsHealthy: 1 },
    consumed: [],
  };
  t.deepEqual(
    { ...(await call<object>('reportStatus', 'statusVersion isChanged', status)) },
    { statusVersion: 1, isChanged: true },
  );
  t.deepEqual(
    { ...(await call<object>('storeSecret', 'version', { resourceId, fence, name: 'made', value: canary })) },
    { version: 1 },
  );

  const { node } = await graph.data<{ node: object }>(
    `query ($id: ID!) { node(id: $id) { ... on Workload {
      status { health isSettled reason message outputs { name value version } } observed { objects } outputs { url }
      attempt { count lastError nextRetryAt } objects { nodes { kind uid since } } events { nodes { reason type object resource { id } } }
    } } }`,
    { variables: { id: resourceId } },
  );
  t.like(node, {
    status: {
      health: 'Healthy',
      isSettled: true,
      reason: 'Available',
      message: 'All is up.',
      outputs: [{ name: 'url', value: 'http://shop', version: 1 }],
    },
    observed: { objects: 1 },
    outputs: { url: 'http://shop' },
    attempt: { count: 2, lastError: 'x\ufffd', nextRetryAt: '2026-11-22T20:00:00.000Z' },
    objects: { nodes: [{ kind: 'Secret', uid: 'u1' }] },
    events: {
      nodes: [{ reason: 'ApplyFailed', type: 'Warning', object: 'Secret/shop/login', resource: { id: resourceId } }],
    },
  });

  const released = await call<{ secrets: { value: string }[] }>('releaseCredential', 'secrets { id version value }', {
    resourceId,
    fence,
  });
  t.true(
    released.secrets.some(
      ({ value }) => value.includes(canary) || value.includes(Buffer.from(canary).toString('base64')),
    ),
  );
  const wrong = await graph.run(`mutation ($input: ReportStatusInput!) { reportStatus(input: $input) { isChanged } }`, {
    variables: { input: { ...status, conditions: [{ ...status.conditions[0], reason: 'Availabel' }] } },
    actor,
  });
  t.like(wrong.errors[0]?.original, { details: { path: ['conditions', 0, 'reason'] } });
  t.regex(wrong.errors[0]?.message ?? '', /Did you mean "Available"\?/);
  t.deepEqual(
    { ...(await call<object>('releaseLeases', 'leases { key }', { holder, keys: [leaseKey] })) },
    { leases: [] },
  );
});

test.serial('no read gives a secret, however it asks', async (t) => {
  const { graph } = t.context;
  const everything = await graph.data(`{
    resources(first: 500) { nodes { ...All } }
    kubernetesRuntimes { nodes { spec { cluster { token { id version } clientKey { id } } } } }
    apps { nodes { spec { components { objects } } releases { spec } } }
    appInstances { nodes { deployments { resolved } } }
    workloads { nodes { spec { objects } } }
    events(first: 500) { nodes { message object } }
  }
  fragment All on Resource {
    name document managers labels status { message observed outputs { value } conditions { message } }
    revisions(first: 500) { nodes { document before after } } events { nodes { message } } objects { nodes { message } }
  }`);
  const text = JSON.stringify(everything);
  for (const form of [canary, Buffer.from(canary).toString('base64'), Buffer.from(canary).toString('hex')]) {
    t.false(text.includes(form));
  }
  const { kubernetesRuntimes } = everything as {
    kubernetesRuntimes: { nodes: { spec: { cluster: { token: object; clientKey: null } } }[] };
  };
  t.like(kubernetesRuntimes.nodes[0]?.spec.cluster, { token: { version: 1 }, clientKey: null });
});

test.serial('a typed input takes a secret as text, and the reference that was read leaves it as it is', async (t) => {
  const { graph, plane } = t.context;
  const update = (token: unknown) =>
    graph.data<Record<string, { version: number; spec: { cluster: { token: { id: string; version: number } } } }>>(
      `mutation ($input: UpdateKubernetesRuntimeInput!) {
        updateKubernetesRuntime(input: $input) { version spec { cluster { token { id version } } } }
      }`,
      {
        variables: {
          input: {
            name: 'prod',
            spec: { provider: 'kubeconfig', default: true, cluster: { server: 'https://203.0.113.7', token } },
          },
        },
      },
    );
  const changed = (await update(`${canary}-2`)).updateKubernetesRuntime;
  t.is(changed?.spec.cluster.token.version, 2);
  const kept = (await update({ $secret: changed?.spec.cluster.token })).updateKubernetesRuntime;
  t.is(kept?.version, changed?.version);
  const { errors } = await graph.run(
    `mutation ($input: CreateKubernetesRuntimeInput!) { createKubernetesRuntime(input: $input) { id } }`,
    {
      variables: {
        input: { name: 'bad', spec: { provider: 'kubeconfig', cluster: { server: 'ftp://x', token: canary } } },
      },
    },
  );
  t.is(errors.length, 1);
  t.false(JSON.stringify([errors, Object(errors[0]?.original).details]).includes(canary));
  t.deepEqual(await plane.rows(`select from resource where name = 'bad'`), []);
});
