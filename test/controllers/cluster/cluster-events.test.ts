import test, { type ExecutionContext } from 'ava';
import { type Cluster, createCluster } from '../../../controllers/cluster/cluster.js';
import type { KubernetesDriver, KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { fastDelays } from '../../../drivers/sandbox/delays.js';
import { createInMemoryDriver } from '../../../drivers/sandbox/driver.js';
import { createSandboxWorld } from '../../../drivers/sandbox/world.js';
import { systemClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { createSeededRandom } from '../../../lib/random.js';
import { GraphError } from '../../../sdk/graph-error.js';
import type { EventReport } from '../../../sdk/resource.js';
import { make } from '../../drivers/make.js';
import { eventually } from '../../helpers/eventually.js';

const signal = new AbortController().signal;
const patience = { timeoutMs: 15_000 };
/** The sandbox may tell of its objects by itself: these are about what the tests say. */
const source = 'Test';

test('an event is recorded with the workload that owns what it is about, by the id and count of the cluster', async (t) => {
  const { driver, cluster, seen } = await createRig(t);
  cluster.own('w-1', { titles: ['ConfigMap/dev/settings'], namespaces: ['dev'] });
  await tell(driver, { name: 'e-1', kind: 'ConfigMap', about: 'settings', count: 3 });
  const [event] = await eventually(() => atLeast(seen('w-1'), 1), patience);
  t.like(event, { type: 'Warning', reason: source, object: 'ConfigMap/dev/settings', outside: { count: 3 } });
  t.is(event?.ownerObject, undefined);
});

test('an event about a pod is recorded under the Deployment that made it', async (t) => {
  const { driver, cluster, seen } = await createRig(t);
  cluster.own('w-1', { titles: ['Deployment/dev/web'], namespaces: ['dev'] });
  await driver.apply(make.deployment('dev', 'web'), { force: true, signal });
  const pod = await eventually(async () => {
    const { objects } = await driver.list(podType, { selector: '', namespace: 'dev', signal });
    const [first] = objects;
    if (!first) throw new Error('There is no pod.');
    return first;
  }, patience);
  await tell(driver, { name: 'e-1', kind: 'Pod', about: pod.metadata.name });
  const [event] = await eventually(() => atLeast(seen('w-1'), 1), patience);
  t.like(event, { object: `Pod/dev/${pod.metadata.name}`, ownerObject: 'Deployment/dev/web' });
});

test("events about others' objects are kept nowhere, in a namespace of ours or not", async (t) => {
  const { driver, cluster, recorded } = await createRig(t);
  await driver.apply(make.namespace('theirs'), { force: true, signal });
  await driver.apply(make.configMap('dev', 'alien', {}), { force: true, signal });
  cluster.own('w-1', { titles: ['ConfigMap/dev/settings'], namespaces: ['dev'] });
  await tell(driver, { name: 'e-1', kind: 'ConfigMap', about: 'alien' });
  await tell(driver, { name: 'e-2', kind: 'ConfigMap', about: 'settings', namespace: 'theirs' });
  await tell(driver, { name: 'e-3', kind: 'ConfigMap', about: 'settings' });
  await eventually(() => atLeast(recorded('w-1'), 1), patience);
  t.deepEqual(
    recorded('w-1').map(({ object }) => object),
    ['ConfigMap/dev/settings'],
  );
});

test('what happened before a workload said what it owns is caught up with', async (t) => {
  const { driver, cluster, seen } = await createRig(t);
  cluster.own('w-0', { titles: ['ConfigMap/other/settings'], namespaces: ['other'] });
  await tell(driver, { name: 'e-0', kind: 'ConfigMap', about: 'settings', namespace: 'other' });
  await tell(driver, { name: 'e-1', kind: 'ConfigMap', about: 'settings' });
  await eventually(() => atLeast(seen('w-0'), 1), patience);
  cluster.own('w-1', { titles: ['ConfigMap/dev/settings'], namespaces: ['dev'] });
  t.is((await eventually(() => atLeast(seen('w-1'), 1), patience)).length, 1);
});

test('a storm of one event is a few writes, and ends with its last count', async (t) => {
  const { driver, cluster, seen, calls } = await createRig(t);
  cluster.own('w-1', { titles: ['ConfigMap/dev/settings'], namespaces: ['dev'] });
  for (let count = 1; count <= 200; count++)
    await tell(driver, { name: 'e-1', kind: 'ConfigMap', about: 'settings', count });
  await eventually(() => {
    if (seen('w-1').at(-1)?.outside?.count !== 200) throw new Error('It is not told to the end.');
  }, patience);
  t.true(calls() <= 5, `${calls()} writes`);
});

test('nothing is missed when the watch is cut all the time and its version grows too old', async (t) => {
  const { driver, cluster, seen, world } = await createRig(t);
  world.faults.set({ kind: 'watchCut', match: { kind: 'Event' }, delayMs: 20 });
  world.faults.set({ kind: 'gone', match: { kind: 'Event' }, count: 3 });
  cluster.own('w-1', { titles: ['ConfigMap/dev/settings'], namespaces: ['dev'] });
  const names = Array.from({ length: 20 }, (_, index) => `e-${String(index).padStart(2, '0')}`);
  for (const name of names) {
    await tell(driver, { name, kind: 'ConfigMap', about: 'settings' });
    await new Promise((resolve) => setImmediate(resolve));
  }
  const told = () => [...new Set(seen('w-1').map(({ message }) => message))].sort();
  await eventually(() => atLeast(told(), names.length), patience);
  t.deepEqual(
    told(),
    names.map((name) => `${name} said`),
  );
  t.is(new Set(seen('w-1').map(({ outside }) => outside?.id)).size, names.length);
});

test('what could not be recorded is recorded later, and what is refused is let go', async (t) => {
  const failures: unknown[] = [new Error('away'), new GraphError('NOT_FOUND', 'There is no such workload.')];
  const { driver, cluster, seen, calls } = await createRig(t, () => failures.shift());
  cluster.own('w-1', { titles: ['ConfigMap/dev/settings'], namespaces: ['dev'] });
  await tell(driver, { name: 'e-1', kind: 'ConfigMap', about: 'settings' });
  await eventually(() => {
    if (calls() < 2) throw new Error('It is not tried again.');
  }, patience);
  await tell(driver, { name: 'e-2', kind: 'ConfigMap', about: 'settings' });
  const events = await eventually(() => atLeast(seen('w-1'), 1), patience);
  t.deepEqual(
    events.map(({ message }) => message),
    ['e-2 said'],
  );
});

test('a warning that explains a missing pod is there to be asked for, and wakes who is in the namespace', async (t) => {
  const { driver, cluster, woken } = await createRig(t);
  cluster.own('w-1', { titles: ['StatefulSet/dev/store'], namespaces: ['dev'] });
  await tell(driver, { name: 'e-1', kind: 'StatefulSet', about: 'store', reason: 'FailedCreate' });
  const about = { kind: 'StatefulSet', namespace: 'dev', name: 'store' };
  await eventually(() => atLeast(cluster.warningsOf(about), 1), patience);
  t.deepEqual(cluster.warningsOf(about), [{ about: 'create', reason: 'FailedCreate', message: 'e-1 said' }]);
  t.true(woken().includes('w-1'));
  const key = { apiVersion: 'v1', kind: 'Event', namespace: 'dev', name: 'e-1' };
  await driver.delete(key, { uid: (await driver.get(key, signal))?.metadata.uid ?? '', signal });
  await eventually(() => {
    if (cluster.warningsOf(about).length > 0) throw new Error('It still holds.');
  }, patience);
  cluster.need('w-1', []);
  await tell(driver, { name: 'e-2', kind: 'StatefulSet', about: 'store', reason: 'FailedCreate' });
  t.deepEqual(cluster.warningsOf(about), []);
});

const podType = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true };

interface Told {
  readonly name: string;
  readonly kind: string;
  readonly about: string;
  readonly namespace?: string;
  readonly reason?: string;
  readonly count?: number;
}

/** Has the cluster tell of an object that may be there or not. */
async function tell(driver: KubernetesDriver, { name, kind, about, namespace = 'dev', ...given }: Told): Promise<void> {
  const apiVersion = kind === 'StatefulSet' ? 'apps/v1' : 'v1';
  const event: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: { apiVersion, kind, namespace, name: about },
    type: 'Warning',
    reason: given.reason ?? source,
    message: `${name} said`,
    count: given.count ?? 1,
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
  };
  await driver.apply(event, { force: true, signal });
}

function atLeast<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length < count) throw new Error(`There are ${items.length}.`);
  return items;
}

async function createRig(t: ExecutionContext, failure: () => unknown = () => undefined) {
  const random = createSeededRandom(1);
  const world = createSandboxWorld({ clock: systemClock, random, delays: fastDelays });
  const driver = createInMemoryDriver(world, 'events');
  for (const name of ['dev', 'other']) await driver.apply(make.namespace(name), { force: true, signal });
  const recordings: { readonly workloadId: string; readonly events: readonly EventReport[] }[] = [];
  const woken: string[] = [];
  let calls = 0;
  const cluster: Cluster = createCluster({
    driver,
    clock: systemClock,
    log: silentLog,
    random,
    onChange() {},
    onLookAgain: (id) => void woken.push(id),
    async recordEvents(workloadId, events) {
      calls += 1;
      const error = failure();
      if (error) throw error;
      recordings.push({ workloadId, events });
    },
  });
  t.teardown(async () => {
    await cluster.close();
    world.close();
  });
  const recorded = (id: string) =>
    recordings.filter(({ workloadId }) => workloadId === id).flatMap(({ events }) => events);
  return {
    world,
    driver,
    cluster,
    calls: () => calls,
    woken: () => woken,
    recorded,
    /** Those that the test itself told. */
    seen: (id: string) => recorded(id).filter(({ reason }) => reason === source),
  };
}
