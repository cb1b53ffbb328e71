import test, { type ExecutionContext } from 'ava';
import { type Cluster, createCluster } from '../../controllers/cluster.js';
import { outsideLabels } from '../../controllers/marks.js';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { KubernetesError } from '../../drivers/kubernetes/errors.js';
import { fastDelays } from '../../drivers/sandbox/delays.js';
import { createInMemoryDriver } from '../../drivers/sandbox/driver.js';
import { createSandboxWorld } from '../../drivers/sandbox/world.js';
import { createWorldControl } from '../../drivers/sandbox/world-control.js';
import { createManualClock, systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { createSeededRandom } from '../../lib/random.js';
import { make } from '../drivers/make.js';
import { configMaps, equal, signal, truthy, type } from '../drivers/steps.js';
import { eventually } from '../helpers/eventually.js';

const patience = { timeoutMs: 20_000, everyMs: 5 };
const secrets = type('v1', 'Secret', 'secrets', true);
const ports = { apiVersion: 'sea.example.test/v1', kind: 'Port' };

test('finds the pods of an app instance by their label, also when it changes', async (t) => {
  const { cluster, control, put } = given(t);
  await put(pod('a', 'one'));
  await put(pod('b', 'one'));
  await put(pod('c', 'two'));
  const names = async (instanceId: string) =>
    (await cluster.pods(instanceId, signal)).map(({ metadata }) => metadata.name).join();
  t.is(await names('one'), 'a,b');
  t.is(await names('two'), 'c');
  t.is(await names('three'), '');

  const labels = { [outsideLabels.instanceId]: 'two' };
  await control.editByHand('here', podKey('b'), { metadata: { labels } });
  await eventually(async () => equal(await names('two'), 'c,b'), patience);
  t.is(await names('one'), 'a');
  await control.editByHand('here', podKey('c'), { metadata: { labels: { [outsideLabels.instanceId]: null } } });
  await control.deleteByHand('here', podKey('a'));
  await eventually(async () => equal(`${await names('one')} ${await names('two')}`, ' b'), patience);
  t.pass();
});

test('closes a view a while after the last workload that needed it left', async (t) => {
  const { cluster, control, clock } = given(t);
  const watches = async (count: number) =>
    eventually(async () => equal((await control.watches()).here ?? 0, count), patience);
  cluster.need('w1', [configMaps, secrets]);
  cluster.need('w2', [configMaps]);
  await cluster.view(configMaps, signal);
  await cluster.view(secrets, signal);
  // The third is that of the definitions.
  await watches(3);
  cluster.need('w1', []);
  clock.step(59_000);
  await watches(3);
  clock.step(1000);
  await watches(2);
  t.is((await cluster.view(configMaps, signal)).list().length, 0);

  cluster.need('w2', [secrets]);
  cluster.need('w2', [configMaps]);
  clock.step(60_000);
  await watches(2);
  cluster.need('w2', []);
  clock.step(60_000);
  await watches(1);
});

test('wakes whoever waits for a kind when its definition appears, and nobody else', async (t) => {
  const { cluster, driver, put, woken } = given(t);
  cluster.need('waits', [ports, configMaps]);
  cluster.need('other', [configMaps]);
  await cluster.view(configMaps, signal);
  t.is(await driver.resolve(ports.apiVersion, ports.kind, signal), null);
  await isWatched(t);
  await put(make.definition('sea.example.test'));
  await eventually(() => equal(woken.includes('waits'), true), patience);
  t.false(woken.includes('other'));
  await eventually(async () => truthy(await driver.resolve(ports.apiVersion, ports.kind, signal)), patience);
});

test('does not believe what it held of a kind whose definition is another one by now', async (t) => {
  const { cluster, driver, control, put } = given(t);
  const definition = make.definition('sea.example.test');
  await put(definition);
  await eventually(() => put(port('ostend', 'w')), patience);
  cluster.need('w', [ports]);
  const typeOf = async () => {
    const found = await driver.resolve(ports.apiVersion, ports.kind, signal);
    if (!found) throw new Error('It is not served.');
    return found;
  };
  const names = async () =>
    (await cluster.view(await typeOf(), signal))
      .list()
      .map(({ metadata }) => metadata.name)
      .join();
  t.is(await names(), 'ostend');
  await isWatched(t);
  await control.deleteByHand('here', { ...definition, namespace: null, name: definition.metadata.name });
  await eventually(async () => equal(await driver.resolve(ports.apiVersion, ports.kind, signal), null), patience);
  await put(definition);
  await eventually(() => put(port('antwerp', 'w')), patience);
  await eventually(async () => equal(await names(), 'antwerp'), patience);
  t.pass();
});

test('says that reading fails when that lasts, and that it works again once all of it does', async (t) => {
  const { cluster, control, clock, woken } = given(t);
  cluster.need('w1', [configMaps, secrets]);
  cluster.need('w2', [configMaps]);
  for (const each of [configMaps, secrets]) await cluster.view(each, signal);
  const ofW1 = () => woken.filter((id) => id === 'w1').length;
  const fails = (each: typeof secrets) =>
    eventually(async () => {
      const failure = await cluster.view(each, signal).catch((error: unknown) => error);
      truthy(failure instanceof KubernetesError);
    }, patience);
  const works = (each: typeof secrets) =>
    eventually(async () => {
      clock.step(1000);
      await cluster.view(each, signal);
    }, patience);

  const down = await control.setFault({ kind: 'apiDown', match: { cluster: 'here' } });
  await fails(secrets);
  await fails(configMaps);
  await control.clearFaults(down);
  const broken = await control.setFault({ kind: 'serverError', match: { cluster: 'here', kind: 'Secret' } });
  clock.step(9000);
  t.deepEqual(woken, []);
  clock.step(1000);
  t.is(ofW1() > 0, true);
  await works(configMaps);
  // Its other kind cannot be seen yet, so there is nothing to look at again.
  const told = ofW1();
  t.true(woken.includes('w2'));
  await control.clearFaults(broken);
  await works(secrets);
  t.is(ofW1(), told + 1);
});

async function isWatched(t: ExecutionContext): Promise<void> {
  const { control } = t.context as Given;
  // A change that comes before the first list is what was there from the start.
  await eventually(async () => equal(((await control.watches()).here ?? 0) >= 2, true), patience);
}

type Given = ReturnType<typeof given>;

function given(t: ExecutionContext) {
  const world = createSandboxWorld({ clock: systemClock, random: createSeededRandom(7), delays: fastDelays });
  const driver = createInMemoryDriver(world, 'here');
  const clock = createManualClock();
  const woken: string[] = [];
  const cluster: Cluster = createCluster({
    driver,
    clock,
    log: silentLog,
    random: createSeededRandom(7),
    onChange() {},
    recordEvents: async () => {},
    onLookAgain: (id) => void woken.push(id),
  });
  t.teardown(async () => {
    await cluster.close();
    world.close();
  });
  const put = (object: KubernetesObject) => driver.apply(object, { force: true, signal });
  const made = { cluster, driver, clock, woken, put, control: createWorldControl(world) };
  t.context = made;
  return made;
}

function podKey(name: string) {
  return { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name };
}

function pod(name: string, instanceId: string): KubernetesObject {
  const metadata = { name, namespace: 'default', labels: { [outsideLabels.instanceId]: instanceId } };
  const spec = { containers: [{ name: 'main', image: 'example.test/web:1' }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}

function port(name: string, instanceId: string): KubernetesObject {
  const metadata = { name, namespace: 'default', labels: { [outsideLabels.instanceId]: instanceId } };
  return { ...ports, metadata, spec: { depth: 7 } };
}
