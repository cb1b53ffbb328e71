import type { ExecutionContext } from 'ava';
import anyTest, { type TestFn } from 'ava';
import type { Actor, Fence } from '../../db/contract.js';
import type { Condition, Health } from '../../lib/health.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { type Answer, startTestServer, type TestServer } from '../helpers/server.js';

interface World {
  readonly server: TestServer;
  readonly ids: Readonly<Record<string, string>>;
}
const test = anyTest as TestFn<World>;

const operator: Actor = { principalId: crypto.randomUUID(), name: 'operator', role: 'operator' };
const controller: Actor = { principalId: crypto.randomUUID(), name: 'controller', role: 'controller' };
const holder = 'test-controller';

test.beforeEach(async (t) => {
  const server = await startTestServer(null);
  t.context = { server, ids: {} };
  await server.store.commit(
    makeChangeset([
      makeEdit.runtime('local', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      makeEdit.app('shop'),
      makeEdit.instance('shop', 'dev'),
    ]),
    operator,
  );
  const { data } = await server.query<{ resources: { nodes: { id: string; kind: string; name: string }[] } }>(
    '{ resources(first: 100) { nodes { id kind name } } }',
  );
  t.context = {
    server,
    ids: Object.fromEntries(data?.resources.nodes.map(({ id, kind, name }) => [`${kind}/${name}`, id]) ?? []),
  };
});
test.afterEach.always((t) => t.context.server?.close());

test('where no controller runs, that is the cause of all that waits for one', async (t) => {
  const { causes, isSettled } = await ask(t, 'AppInstance/shop');
  t.false(isSettled);
  t.deepEqual(causes.map(({ reason, resource }) => `${resource.kind} ${reason}`).toSorted(), [
    'AppInstance NoController',
    'KubernetesRuntime NoController',
    'Workload NoController',
  ]);
});

test('a cause is found below the app instance, with its path, and is gone when it is', async (t) => {
  await settle(t, ['KubernetesRuntime/local', 'Workload/namespace']);
  await report(t, 'Workload/web', 'Degraded', {
    status: 'False',
    reason: 'CrashLoop',
    message: 'Deployment/web: It ends.',
  });
  await report(t, 'AppInstance/shop', 'Degraded', {
    status: 'False',
    reason: 'CrashLoop',
    message: 'web: Deployment/web: It ends.',
  });
  const { causes, health } = await ask(t, 'AppInstance/shop');
  t.is(health, 'Degraded');
  t.like(causes, [
    {
      path: [{ resource: { name: 'shop', environment: 'dev' } }, { resource: { kind: 'Workload', name: 'web' } }],
      reason: 'CrashLoop',
      object: { kind: 'Deployment', name: 'web' },
      message: 'It ends.',
    },
  ]);
  t.is(causes.length, 1);
  await settle(t, ['Workload/web', 'AppInstance/shop']);
  t.deepEqual(await ask(t, 'AppInstance/shop'), { isSettled: true, health: 'Healthy', causes: [], isTruncated: false });
});

test('the live form answers again when what is far below changes, also what was well before', async (t) => {
  const { server, ids } = t.context;
  await settle(t, ['KubernetesRuntime/local', 'Workload/namespace', 'AppInstance/shop']);
  await report(t, 'Workload/web', 'Degraded', { status: 'False', reason: 'CrashLoop', message: 'It ends.' });
  const answers = server.subscribe<{ why: Why }>(`subscription ($id: ID!) { why(resourceId: $id) { ${selection} } }`, {
    id: ids['Workload/web'],
  });
  const next = async () => {
    const answer = (await answers.next()).value as Answer<{ why: Why }>;
    return answer.data?.why.causes.map(({ reason }) => reason);
  };
  t.deepEqual(await next(), ['CrashLoop']);
  await report(t, 'KubernetesRuntime/local', 'Unknown', {
    status: 'Unknown',
    reason: 'RuntimeUnreachable',
    message: 'Nobody answers.',
  });
  t.deepEqual(await next(), ['CrashLoop', 'RuntimeUnreachable']);
  await settle(t, ['Workload/web']);
  t.deepEqual(await next(), []);
  await answers.return?.();
});

test('the live form answers again when a lease runs out, which no commit tells', async (t) => {
  const { server, ids } = t.context;
  await settle(t, ['KubernetesRuntime/local', 'Workload/namespace']);
  await report(t, 'AppInstance/shop', 'Degraded', { status: 'False', reason: 'Invalid', message: 'It cannot be.' });
  const answers = server.subscribe<{ why: Why }>(`subscription ($id: ID!) { why(resourceId: $id) { ${selection} } }`, {
    id: ids['AppInstance/shop'],
  });
  const next = async () => {
    const { data } = (await answers.next()).value as Answer<{ why: Why }>;
    return data?.why.causes.filter(({ resource }) => resource.kind === 'AppInstance').map(({ reason }) => reason);
  };
  t.deepEqual(await next(), ['Invalid']);
  await server.store.renewLeases({ holder, ttlMs: 1_200 }, controller);
  await report(
    t,
    'Workload/namespace',
    'Degraded',
    { status: 'False', reason: 'Invalid', message: 'Nor this.' },
    1_200,
  );
  let seen = await next();
  while (seen?.length === 1) seen = await next();
  t.deepEqual(seen, ['Invalid', 'NoController']);
  await answers.return?.();
});

test('what is not there is NOT_FOUND', async (t) => {
  const { errors } = await t.context.server.query(`{ why(resourceId: "${crypto.randomUUID()}") { isSettled } }`);
  t.is(errors?.[0]?.extensions.code, 'NOT_FOUND');
});

const selection = `isSettled health isTruncated causes {
  reason message object { kind name } path { resource { kind name environment } } resource { kind name } }`;

interface Why {
  readonly isSettled: boolean;
  readonly health: string;
  readonly isTruncated: boolean;
  readonly causes: readonly {
    readonly object: { readonly kind: string; readonly name: string } | null;
    readonly reason: string;
    readonly message: string;
    readonly path: readonly { readonly resource: { readonly kind: string; readonly name: string } }[];
    readonly resource: { readonly kind: string; readonly name: string };
  }[];
}

async function ask(t: ExecutionContext<World>, key: string): Promise<Why> {
  const { server, ids } = t.context;
  const { data, errors } = await server.query<{ why: Why }>(
    `query ($id: ID!) { why(resourceId: $id) { ${selection} } }`,
    {
      id: ids[key],
    },
  );
  if (!data) throw new Error(JSON.stringify(errors));
  return data.why;
}

async function settle(t: ExecutionContext<World>, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await report(t, key, 'Healthy', { status: 'True', reason: 'Available', message: '' });
  }
}

async function report(
  t: ExecutionContext<World>,
  key: string,
  health: Health,
  ready: Omit<Condition, 'type'>,
  ttlMs = 60_000,
): Promise<void> {
  const { store } = t.context.server;
  const resourceId = t.context.ids[key] ?? '';
  const { data } = await t.context.server.query<{ node: { leaseKey: string; status: { version: number } } }>(
    'query ($id: ID!) { node(id: $id) { ... on Resource { leaseKey status { version } } } }',
    { id: resourceId },
  );
  const fence = await take(t, data?.node.leaseKey ?? '', ttlMs);
  const conditions = [
    { type: 'Ready', ...ready },
    { type: 'Synced', status: 'True', reason: 'InSync', message: '' },
  ] as const;
  await store.reportStatus(
    {
      resourceId,
      fence,
      observedGeneration: 1,
      statusVersion: data?.node.status.version ?? 0,
      health,
      conditions,
      outputs: {},
      observed: {},
      consumed: [],
    },
    controller,
  );
}

async function take({ context: { server } }: ExecutionContext<World>, key: string, ttlMs: number): Promise<Fence> {
  const kinds = ['Workload', 'KubernetesRuntime', 'AppInstance'];
  await server.store.registerController({ holder, kinds, version: '1' }, controller);
  const { leases } = await server.store.acquireLeases({ holder, keys: [key], ttlMs }, controller);
  return { holder, epoch: leases.find((lease) => lease.key === key)?.epoch ?? 0 };
}
