import test, { type ExecutionContext } from 'ava';
import { type Cluster, createCluster } from '../../../controllers/cluster/cluster.js';
import { KubernetesError } from '../../../drivers/kubernetes/errors.js';
import { fastDelays } from '../../../drivers/sandbox/delays.js';
import { createInMemoryDriver } from '../../../drivers/sandbox/driver.js';
import { createSandboxWorld } from '../../../drivers/sandbox/world.js';
import { createWorldControl } from '../../../drivers/sandbox/world-control.js';
import { createManualClock, systemClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { createSeededRandom } from '../../../lib/random.js';
import { configMaps, equal, signal, truthy, type } from '../../drivers/steps.js';
import { eventually } from '../../helpers/eventually.js';
import { declareClusterList } from '../cluster-list.js';

const patience = { timeoutMs: 20_000, everyMs: 5 };
const secrets = type('v1', 'Secret', 'secrets', true);

declareClusterList(test, async (t) => {
  const world = createSandboxWorld({ clock: systemClock, random: createSeededRandom(7), delays: fastDelays });
  t.teardown(() => world.close());
  return createInMemoryDriver(world, 'here');
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
  return { cluster, clock, woken, control: createWorldControl(world) };
}
