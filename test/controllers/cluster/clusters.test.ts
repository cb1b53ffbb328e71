import test, { type ExecutionContext } from 'ava';
import { createClusters, type RuntimeSpec } from '../../../controllers/cluster/clusters.js';
import { createAdaptiveTransport } from '../../../drivers/kubernetes/adaptive-transport.js';
import { createApiDriver } from '../../../drivers/kubernetes/api-driver.js';
import { CredentialRefusedError, UnreachableError } from '../../../drivers/kubernetes/errors.js';
import type { ApiResponse, Transport } from '../../../drivers/kubernetes/transport.js';
import { fastDelays } from '../../../drivers/sandbox/delays.js';
import { createMemoryTransport } from '../../../drivers/sandbox/memory-transport.js';
import { createSandboxWorld } from '../../../drivers/sandbox/world.js';
import { createManualClock, systemClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { createSeededRandom } from '../../../lib/random.js';
import { configMaps, equal, signal } from '../../drivers/steps.js';
import { eventually } from '../../helpers/eventually.js';
import { createMemoryResourceClient } from '../../helpers/memory-resource-client.js';
import { instanceId, make, runtimeId, workloadId } from '../make.js';

const patience = { timeoutMs: 20_000, everyMs: 5 };
const call = { lease: { holder: 'h', epoch: 1 }, signal };
const followed = { id: workloadId, instanceId, component: 'web' };

test('logs in anew at once where a credential is refused, with that of the moment, and wakes who is there', async (t) => {
  const { clusters, plane, woken, logins } = given(t);
  const before = await clusters.get(runtimeId, call);
  clusters.follow(runtimeId, followed);
  await before.view(configMaps, signal);
  t.deepEqual(logins, ['first']);

  plane.accepts('second');
  await t.throwsAsync(before.driver.version(signal), { instanceOf: CredentialRefusedError });
  await eventually(() => equal(woken.includes(workloadId) && woken.includes(runtimeId), true), patience);
  const after = await clusters.get(runtimeId, call);
  t.not(after, before);
  t.deepEqual(logins, ['first', 'second']);
  t.is((await after.view(configMaps, signal)).list().length, 0);
});

test('logs in later and later while the credential stays refused, and then wakes the runtime alone', async (t) => {
  const { clusters, plane, clock, woken, logins } = given(t);
  clusters.follow(runtimeId, followed);
  plane.accepts('none of them');
  const isWoken = async (count: number) => {
    await eventually(() => equal(woken.filter((id) => id === runtimeId).length, count), patience);
  };
  const refuse = async () => {
    const { driver } = await clusters.get(runtimeId, call);
    await t.throwsAsync(driver.version(signal), { instanceOf: CredentialRefusedError });
  };
  await refuse();
  await isWoken(1);
  let waitedMs = 0;
  for (let logins = 2; logins <= 6; logins += 1) {
    await refuse();
    const startedMs = clock.now();
    while (woken.filter((id) => id === runtimeId).length < logins) {
      clock.step(250);
      await refuse();
      await settle();
    }
    const tookMs = clock.now() - startedMs;
    t.true(tookMs >= waitedMs, `${tookMs} ms after ${waitedMs} ms`);
    waitedMs = tookMs * 0.5;
  }
  t.true(waitedMs > 2000);
  t.is(logins.length, 6);
  t.deepEqual(
    woken.filter((id) => id === workloadId),
    [workloadId],
  );
});

test('what was away is asked again in the end, though nobody looks at its runtime any more', async (t) => {
  const { clusters, clock } = given(t);
  clusters.setAway(runtimeId, new UnreachableError('Nobody answers.'));
  await t.throwsAsync(clusters.get(runtimeId, call), { message: 'Nobody answers.' });
  clock.step(60_000);
  await t.throwsAsync(clusters.get(runtimeId, call), { message: 'Nobody answers.' }, 'the next look is not over yet');
  clock.step(60_000);
  await t.notThrowsAsync(clusters.get(runtimeId, call));
});

test('opens anew what was let go of, and tells nothing of its load meanwhile', async (t) => {
  const { clusters } = given(t);
  const cluster = await clusters.get(runtimeId, call);
  t.deepEqual([...clusters.loads().keys()], [runtimeId]);
  await clusters.drop(runtimeId);
  t.deepEqual([...clusters.loads().keys()], []);
  t.not(await clusters.get(runtimeId, call), cluster);
});

test('closed, it leaves nothing to be done later: neither a view that nobody needs nor a cluster that was let go of', async (t) => {
  const { clusters, clock } = given(t);
  const cluster = await clusters.get(runtimeId, call);
  cluster.need('w1', [configMaps]);
  await cluster.view(configMaps, signal);
  cluster.need('w1', []);
  clusters.renew(runtimeId);
  await settle();
  const next = await clusters.get(runtimeId, call);
  t.not(next, cluster);
  clusters.renew(runtimeId);
  await clusters.close();
  await settle();
  next.need('w2', [configMaps]);
  next.need('w2', []);
  t.is(clock.pending(), 0);
});

function given(t: ExecutionContext) {
  const world = createSandboxWorld({ clock: systemClock, random: createSeededRandom(7), delays: fastDelays });
  const clock = createManualClock();
  const runtimes = createMemoryResourceClient<RuntimeSpec>('KubernetesRuntime');
  const token = { $secret: { id: 'token', version: 1 } } as never;
  runtimes.put({
    ...make.workload(),
    id: runtimeId,
    kind: 'KubernetesRuntime',
    spec: { provider: 'kubeconfig', cluster: { server: 'https://api.test', token } },
  } as never);
  runtimes.secrets = [{ id: 'token', version: 1, name: null, value: 'first' }];
  let accepted = 'first';
  const logins: string[] = [];
  const woken: string[] = [];
  const clusters = createClusters({
    runtimes,
    workloads: { recordEvents: async () => {} },
    openDriver(_runtimeId, { cluster }, onRefused) {
      const said = cluster?.token ?? '';
      logins.push(said);
      const inner = createMemoryTransport(world, 'here');
      const transport = createAdaptiveTransport(
        guarded(inner, () => said === accepted),
        { clock, onRefused },
      );
      return { driver: createApiDriver(transport), load: transport.load };
    },
    wake: (id) => woken.push(id),
    clock,
    log: silentLog,
    random: createSeededRandom(7),
  });
  t.teardown(async () => {
    await clusters.close();
    world.close();
  });
  const accepts = (token: string) => {
    accepted = token;
    runtimes.secrets = [{ id: 'token', version: 2, name: null, value: token === 'second' ? token : 'renewed' }];
  };
  return { clusters, clock, woken, logins, plane: { accepts } };
}

/** Answers 401 to whoever is not let in. What was let in before stays, as a watch does whose token expires. */
function guarded(inner: Transport, isLetIn: () => boolean): Transport {
  const refused: ApiResponse = { status: 401, retryAfterMs: null, body: {} };
  return {
    ...inner,
    request: async (request) => (isLetIn() ? inner.request(request) : refused),
    stream: async (request, onLine) => (isLetIn() ? inner.stream(request, onLine) : refused),
    lines: async (request, onLines) => (isLetIn() ? inner.lines(request, onLines) : refused),
  };
}

/** Lets everything that is ready to run, run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
