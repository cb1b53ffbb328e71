import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../../lib/clock.js';
import type { SpecOf } from '../../lib/kind.js';
import { silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import type { kubernetesRuntimeKind } from '../../schema/kinds/kubernetes-runtime.js';
import { createSdk, type Sdk } from '../../sdk/client.js';
import { followChanges } from '../../sdk/follow-changes.js';
import { createGraphClient, type GraphClient } from '../../sdk/graph-client.js';
import { ServerUnreachableError } from '../../sdk/graph-error.js';
import type { StatusReport } from '../../sdk/resource.js';
import { createResourceClient, type FencedCall, type ResourceClient } from '../../sdk/resource-client.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import { createManager, type Manager } from '../../sdk/runtime/manager.js';
import type { ResourceProvider } from '../../sdk/runtime/provider.js';
import { createTestDatabase } from '../helpers/database.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer, type TestServer } from '../helpers/server.js';

type RuntimeSpec = SpecOf<typeof kubernetesRuntimeKind>;

interface Setup {
  readonly server: TestServer;
  readonly operator: Sdk;
  readonly controllerClient: GraphClient;
  readonly controller: Sdk;
  readonly runtimes: ResourceClient<RuntimeSpec>;
}

async function make(t: ExecutionContext): Promise<Setup> {
  return open(t, await startTestServer(t));
}

function open(t: ExecutionContext, server: TestServer): Setup {
  const connect = (token: string) => {
    const client = createGraphClient({
      url: server.url,
      token,
      clock: systemClock,
      log: silentLog,
      reconnectCapMs: 300,
      // The server is in this process, on a machine that may do much else.
      requestTimeoutMs: 120_000,
    });
    t.teardown(() => client.close());
    return client;
  };
  const controllerClient = connect(server.controllerToken);
  const controller = createSdk(controllerClient);
  return {
    server,
    operator: createSdk(connect(server.operatorToken)),
    controllerClient,
    controller,
    runtimes: createResourceClient<RuntimeSpec>(controller, 'KubernetesRuntime'),
  };
}

async function createRuntime(
  { operator }: Setup,
  name: string,
  spec: object = { provider: 'sandbox' },
): Promise<string> {
  const input = { edits: [{ op: 'CREATE' as const, kind: 'KubernetesRuntime', name, spec }] };
  const id = (await operator.Apply({ input })).apply.edits[0]?.resourceId;
  if (!id) throw new Error('Nothing was created');
  return id;
}

/** The lease of a runtime, as a manager would hold it. */
async function lease({ controller }: Setup, runtimeId: string, holder = 'tester'): Promise<FencedCall> {
  const kinds = ['KubernetesRuntime', 'Workload'];
  await controller.RegisterController({ input: { holder, kinds, version: 'test' } });
  const key = `KubernetesRuntime/${runtimeId}`;
  const { acquireLeases } = await controller.AcquireLeases({ input: { holder, keys: [key], ttlMs: 60_000 } });
  const epoch = acquireLeases.leases.find((it) => it.key === key)?.epoch;
  if (epoch === undefined) throw new Error(`The lease ${key} was not given`);
  return { lease: { holder, epoch } };
}

const healthy: StatusReport = {
  health: 'Healthy',
  conditions: [
    { type: 'Ready', status: 'True', reason: 'Available', message: '' },
    { type: 'Synced', status: 'True', reason: 'InSync', message: '' },
  ],
  observed: { version: 'v1.36.2', nodes: 1, nodesReady: 1 },
  outputs: {},
};

/** Clusters in memory: made by apply, seen by observe. */
function startRuntimes({ controllerClient, runtimes }: Setup, clusters: Set<string>): Manager {
  const provider: ResourceProvider<RuntimeSpec, boolean, 'make' | 'remove'> = {
    observe: async ({ id }) => clusters.has(id),
    diff: (_runtime, isThere) => (isThere ? [] : ['make']),
    apply: async ({ id }, action) => void (action === 'make' ? clusters.add(id) : clusters.delete(id)),
    removal: (_runtime, isThere) => (isThere ? ['remove'] : []),
    status: () => healthy,
  };
  const manager = createManager({
    client: controllerClient,
    clock: systemClock,
    log: silentLog,
    random: systemRandom,
    reconcilers: [{ kind: 'KubernetesRuntime', reconciler: createReconciler(provider, { client: runtimes }) }],
  });
  manager.start();
  return manager;
}

function healthOf({ operator }: Setup, name: string) {
  return operator
    .GetResource({ kind: 'KubernetesRuntime', name })
    .then(({ resource }) => (resource ? resource.status.health : null));
}

async function untilHealth(setup: Setup, name: string, wanted: string | null): Promise<void> {
  await eventually(
    async () => {
      const health = await healthOf(setup, name);
      if (health !== wanted) throw new Error(`${name} is ${health}, not ${wanted}`);
    },
    { timeoutMs: 20_000 },
  );
}

test('from a mutation to Healthy and back to nothing, over the real graph', async (t) => {
  const setup = await make(t);
  const clusters = new Set<string>();
  const manager = startRuntimes(setup, clusters);
  t.teardown(() => manager.close());
  const before = await createRuntime(setup, 'before');
  await untilHealth(setup, 'before', 'Healthy');
  const { resource } = await setup.operator.GetResource({ kind: 'KubernetesRuntime', name: 'before' });
  t.true(resource?.status.isSettled);
  t.deepEqual(resource?.status.observed, healthy.observed);
  await createRuntime(setup, 'after');
  await untilHealth(setup, 'after', 'Healthy');
  await setup.operator.Apply({ input: { edits: [{ op: 'DELETE', kind: 'KubernetesRuntime', name: 'before' }] } });
  await untilHealth(setup, 'before', null);
  t.false(clusters.has(before));
  t.is(clusters.size, 1);
  t.is(manager.stats().failures, 0);
});

test('a controller that outlives its server goes on with the next one', async (t) => {
  const database = await createTestDatabase();
  t.teardown(() => database.drop());
  const first = await startTestServer(null, { connection: database.connection });
  const setup = open(t, first);
  const clusters = new Set<string>();
  const manager = startRuntimes(setup, clusters);
  t.teardown(() => manager.close());
  await createRuntime(setup, 'one');
  await untilHealth(setup, 'one', 'Healthy');
  const { syncs } = manager.stats();
  await first.close();
  await t.throwsAsync(createRuntime(setup, 'refused'), { instanceOf: ServerUnreachableError });

  const second = await startTestServer(null, { connection: database.connection, port: first.port });
  t.teardown(() => second.close());
  await createRuntime(setup, 'two');
  await untilHealth(setup, 'two', 'Healthy');
  t.is(clusters.size, 2);
  t.is(manager.stats().syncs, syncs + 1);
  t.is(manager.stats().failures, 0);
});

test('what a controller says is kept, and an equal status is not written twice', async (t) => {
  const setup = await make(t);
  const { runtimes } = setup;
  const id = await createRuntime(setup, 'one');
  const call = await lease(setup, id);
  const runtime = await runtimes.get(id);
  if (!runtime) throw new Error('It was just created');
  t.deepEqual(runtime.spec, { provider: 'sandbox' });
  t.is(runtime.leaseKey, `KubernetesRuntime/${id}`);
  const first = await runtimes.reportStatus(runtime, healthy, call);
  t.true(first.isChanged);
  const again = await runtimes.get(id);
  if (!again) throw new Error('It is still there');
  t.is(again.status.version, first.statusVersion);
  t.true(again.status.isSettled);
  const second = await runtimes.reportStatus(again, healthy, call);
  t.deepEqual(second, { statusVersion: first.statusVersion, isChanged: false });
  t.like(await t.throwsAsync(runtimes.reportStatus(runtime, { ...healthy, health: 'Degraded' }, call)), {
    code: 'CONFLICT',
  });

  await runtimes.recordEvents(
    id,
    'test',
    [{ type: 'Warning', reason: 'Tested', message: 'so it was', object: '' }],
    call,
  );
  await runtimes.recordAttempt(id, { count: 3, lastError: 'no route', nextRetryAt: null }, call);
  const { events } = await setup.operator.ListEvents({ filter: { resourceId: id } });
  t.like(events.nodes[0], { reason: 'Tested', message: 'so it was', source: 'test' });
  const { node } = await setup.operator.DescribeResource({ id });
  if (!node || !('attempt' in node)) throw new Error('It is a resource');
  t.like(node.attempt, { count: 3, lastError: 'no route' });
  await runtimes.recordAttempt(id, { count: 0, lastError: '', nextRetryAt: null }, call);

  const intent = await runtimes.beginIntent(id, { action: 'CreateCluster', token: 'abc' }, call);
  t.is(intent.resolvedAt, null);
  const [open, ...others] = (await runtimes.get(id))?.openIntents ?? [];
  t.deepEqual({ ...open, ageMs: intent.ageMs }, intent, 'it is the same, and only older');
  t.deepEqual(others, []);
  t.like(await runtimes.resolveIntent(id, intent.id, { arn: 'x' }, call), { id: intent.id, outcome: { arn: 'x' } });
  t.deepEqual((await runtimes.get(id))?.openIntents, []);
});

test('a credential is released to who holds the lease, and to nobody else', async (t) => {
  const setup = await make(t);
  const { runtimes } = setup;
  const cluster = { server: 'https://203.0.113.7:6443', token: 'very-secret' };
  const id = await createRuntime(setup, 'prod', { provider: 'kubeconfig', cluster });
  const call = await lease(setup, id);
  t.like(await runtimes.releaseCredential(id, call), [{ value: 'very-secret' }]);
  const stranger = { lease: { holder: 'stranger', epoch: call.lease.epoch } };
  const refused = await t.throwsAsync(runtimes.releaseCredential(id, stranger), { message: /does not hold the lease/ });
  t.like(refused, { code: 'FORBIDDEN' });
  const asOperator = createResourceClient(setup.operator, 'KubernetesRuntime');
  t.like(await t.throwsAsync(asOperator.releaseCredential(id, call)), { code: 'FORBIDDEN' });
});

test('lists and objects come whole, over as many pages as it takes', async (t) => {
  const setup = await make(t);
  const edits = Array.from({ length: 230 }, (_, number) => ({
    op: 'CREATE' as const,
    kind: 'KubernetesRuntime',
    name: `runtime-${number}`,
    spec: { provider: 'sandbox' },
  }));
  await setup.operator.Apply({ input: { edits } });
  const all = await setup.runtimes.list();
  t.is(new Set(all.map(({ name }) => name)).size, 230);
  t.deepEqual((await setup.runtimes.list({ names: ['runtime-7', 'runtime-200'] })).map(({ name }) => name).sort(), [
    'runtime-200',
    'runtime-7',
  ]);
});

test('followed changes begin with SYNC, and then miss nothing and repeat nothing', async (t) => {
  const setup = await make(t);
  const client = createGraphClient({
    url: setup.server.url,
    token: setup.server.operatorToken,
    clock: systemClock,
    log: silentLog,
  });
  t.teardown(() => client.close());
  const changes = followChanges(client, {});
  t.is((await changes.next()).value.type, 'SYNC');
  const names: string[] = [];
  for (const name of ['a', 'b', 'c']) await createRuntime(setup, name);
  while (names.length < 3) {
    const { value } = await changes.next();
    for (const revision of value.revisions) {
      if (revision.kind === 'KubernetesRuntime' && revision.op === 'created') names.push(revision.name);
    }
  }
  t.deepEqual(names, ['a', 'b', 'c']);
  await changes.return?.();
  const expired = followChanges(client, { after: '00000000-0000-4000-8000-000000000000:1' });
  t.like(await t.throwsAsync(expired.next()), { code: 'CURSOR_EXPIRED' });
});

test('a live tree comes again when something in it changed', async (t) => {
  const setup = await make(t);
  const id = await createRuntime(setup, 'one');
  const trees = setup.operator.LiveTreeById({ id })[Symbol.asyncIterator]();
  const next = async () => {
    const { node } = (await trees.next()).value;
    return node && 'status' in node ? node.status.health : null;
  };
  t.not(await next(), 'Healthy');
  const manager = startRuntimes(setup, new Set());
  t.teardown(() => manager.close());
  let health = await next();
  while (health !== 'Healthy') health = await next();
  await setup.operator.Apply({ input: { edits: [{ op: 'DELETE', kind: 'KubernetesRuntime', name: 'one' }] } });
  while (health !== null) health = await next();
  await trees.return?.();
  t.pass();
});
