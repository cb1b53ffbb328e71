import test, { type ExecutionContext } from 'ava';
import type { KubernetesDriver, ObjectPage } from '../../drivers/kubernetes/driver.js';
import { ConnectionCutError, UnreachableError } from '../../drivers/kubernetes/errors.js';
import { createReflector, type ReflectorChange, type ReflectorOptions } from '../../drivers/kubernetes/reflector.js';
import { fastDelays } from '../../drivers/sandbox/delays.js';
import { createInMemoryDriver } from '../../drivers/sandbox/driver.js';
import { createSandboxWorld } from '../../drivers/sandbox/world.js';
import { createWorldControl } from '../../drivers/sandbox/world-control.js';
import { type Clock, createManualClock, systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { createSeededRandom } from '../../lib/random.js';
import { eventually } from '../helpers/eventually.js';
import { make } from './make.js';
import { configMaps, equal, signal } from './steps.js';

const patience = { timeoutMs: 20_000, everyMs: 5 };
const cluster = 'here';
const labels = { sea: 'north' };

test('holds what is there, and follows what changes', async (t) => {
  const { world, driver } = given(t);
  await put(driver, 'a', '1');
  const { reflector, seen } = reflect(t, driver, systemClock);
  await eventually(() => equal(reflector.isSynced, true), patience);
  t.deepEqual(
    reflector.list().map((object) => object.metadata.name),
    ['a'],
  );

  await put(driver, 'b', '1');
  await put(driver, 'a', '2');
  await world.deleteByHand(cluster, keyOf('b'));
  await eventually(() => equal(seen().join(), 'a=1,b=1,a=2,b gone'), patience);
  t.deepEqual(reflector.get({ namespace: 'default', name: 'a' })?.data, { value: '2' });
  t.is(reflector.get({ namespace: 'default', name: 'b' }), null);
  t.is(reflector.failingSinceMs, null);
});

test('sees an object come and go by its labels', async (t) => {
  const { world, driver } = given(t);
  await put(driver, 'a', '1');
  const { seen } = reflect(t, driver, systemClock);
  await eventually(() => equal(seen().join(), 'a=1'), patience);
  await world.editByHand(cluster, keyOf('a'), { metadata: { labels: { sea: 'south' } } });
  await eventually(() => equal(seen().join(), 'a=1,a gone'), patience);
  t.pass();
});

test('keeps what it has while the API server is away, says so, and tells afterwards what it missed', async (t) => {
  const { world, driver } = given(t);
  await put(driver, 'a', '1');
  await put(driver, 'b', '1');
  const clock = createManualClock();
  const { reflector, seen, failures } = reflect(t, driver, clock);
  await eventually(() => equal(reflector.isFresh, true), patience);

  const startedMs = clock.now();
  const down = await world.setFault({ kind: 'apiDown' });
  await eventually(() => equal(reflector.isFresh, false), patience);
  t.is(reflector.failingSinceMs, startedMs);
  t.is(reflector.list().length, 2);
  await world.deleteByHand(cluster, keyOf('b'));
  await world.editByHand(cluster, keyOf('a'), { data: { value: '2' } });
  clock.step(60_000);
  await eventually(() => atLeast(failures(), 2), patience);
  t.is(reflector.list().length, 2);
  t.is(reflector.failingSinceMs, startedMs);

  await world.clearFaults(down);
  await eventually(() => {
    clock.step(60_000);
    equal(reflector.isFresh, true);
  }, patience);
  t.deepEqual(seen(), ['a=1', 'b=1', 'a=2', 'b gone']);
  t.is(reflector.failingSinceMs, null);
});

test('waits between tries, up to half a minute', async (t) => {
  const { world, driver } = given(t);
  await world.setFault({ kind: 'serverError' });
  const clock = createManualClock();
  const { failures } = reflect(t, driver, clock);
  for (let expected = 1; expected <= 12; expected += 1) {
    await eventually(() => equal(failures(), expected), patience);
    clock.step(249);
    await settle();
    t.is(failures(), expected, 'it came back before the shortest wait');
    clock.step(30_000);
  }
});

test('tries again at once when told to, and as before when that fails', async (t) => {
  const { world, driver } = given(t);
  const down = await world.setFault({ kind: 'serverError' });
  const { reflector, failures } = reflect(t, driver, createManualClock());
  await eventually(() => equal(failures(), 1), patience);
  reflector.retry();
  await eventually(() => equal(failures(), 2), patience);
  await settle();
  t.is(failures(), 2);
  await world.clearFaults(down);
  reflector.retry();
  await eventually(() => equal(reflector.isFresh, true), patience);
  reflector.retry();
  t.true(reflector.isFresh);
});

test('watches on from a bookmark', async (t) => {
  const { driver } = given(t);
  const from: string[] = [];
  const marked: KubernetesDriver = {
    ...driver,
    async *watch(type, options) {
      from.push(options.resourceVersion);
      if (from.length === 1) yield { type: 'bookmark', resourceVersion: '4711' };
      else yield* driver.watch(type, { ...options, resourceVersion: from[0] ?? '' });
    },
  };
  const clock = createManualClock();
  const { seen, failures } = reflect(t, marked, clock);
  await eventually(() => {
    clock.step(1000);
    equal(from.length, 2);
  }, patience);
  t.is(from[1], '4711');
  await put(driver, 'a', '1');
  await eventually(() => equal(seen().join(), 'a=1'), patience);
  t.is(failures(), 0);
});

test('lists again when its version is too old', async (t) => {
  const { driver } = given(t);
  await put(driver, 'a', '1');
  let lists = 0;
  const forgetful: KubernetesDriver = {
    ...driver,
    async *pages(type, options) {
      lists += 1;
      const isOld = lists === 1;
      for await (const page of driver.pages(type, options)) yield isOld ? { ...page, resourceVersion: '1' } : page;
    },
  };
  const { reflector, seen, failures } = reflect(t, forgetful, createManualClock());
  await eventually(() => equal(lists, 2), patience);
  await put(driver, 'b', '1');
  await eventually(() => equal(seen().join(), 'a=1,b=1'), patience);
  t.is(failures(), 0);
  t.true(reflector.isFresh);
});

test('watches on when a watch just ends', async (t) => {
  const { world, driver } = given(t);
  await put(driver, 'a', '1');
  const { reflector, seen } = reflect(t, driver, systemClock);
  await eventually(() => equal(reflector.isSynced, true), patience);
  world.endWatches();
  await put(driver, 'b', '1');
  await eventually(() => equal(seen().join(), 'a=1,b=1'), patience);
  t.true(reflector.isFresh);
});

test('goes on from where it was when a watch is cut, and lists nothing again', async (t) => {
  const { driver } = given(t);
  await put(driver, 'a', '1');
  let lists = 0;
  const cut = createCuttable(driver, () => {
    lists += 1;
  });
  const { reflector, seen, failures } = reflect(t, cut.driver, systemClock);
  await eventually(() => equal(cut.watches(), 1), patience);
  cut.cut();
  await put(driver, 'b', '1');
  await eventually(() => equal(seen().join(), 'a=1,b=1'), patience);
  t.true(reflector.isFresh);
  t.is(failures(), 0);
  t.is(lists, 1);
});

test('holds what a page said at once, and of a list that fails no more than that', async (t) => {
  const { driver } = given(t);
  await put(driver, 'a', '1');
  await put(driver, 'b', '1');
  const { objects, resourceVersion } = await driver.list(configMaps, { selector: 'sea=north', signal });
  const [a, b] = objects;
  if (!a || !b) throw new Error('Both are there.');
  const first = { objects: [a], resourceVersion, isFirst: true };
  const lists: (() => AsyncIterable<ObjectPage>)[] = [
    async function* () {
      yield first;
      throw new UnreachableError('The second page did not come.');
    },
    async function* () {
      yield first;
      yield { objects: [b], resourceVersion, isFirst: false };
      // All of it, begun anew: `a` is not there any more.
      yield { objects: [b], resourceVersion, isFirst: true };
    },
  ];
  const clock = createManualClock();
  const paged: KubernetesDriver = { ...driver, pages: (...asked) => lists.shift()?.() ?? driver.pages(...asked) };
  const { reflector, seen, failures } = reflect(t, paged, clock);
  await eventually(() => equal(failures(), 1), patience);
  t.is(reflector.get({ namespace: 'default', name: 'a' })?.kind, 'ConfigMap');
  t.is(reflector.get({ namespace: 'default', name: 'b' }), null);
  t.false(reflector.isSynced);
  t.is(reflector.version, '');
  reflector.retry();
  await eventually(() => equal(reflector.isFresh, true), patience);
  t.deepEqual(seen(), ['a=1', 'b=1', 'a gone']);
  t.is(reflector.version, resourceVersion);
});

test('says that reading fails when every watch is cut at once', async (t) => {
  const { driver } = given(t);
  await put(driver, 'a', '1');
  let lists = 0;
  const cut = createCuttable(driver, () => {
    lists += 1;
  });
  const clock = createManualClock();
  const { reflector, failures } = reflect(t, cut.driver, clock);
  await eventually(() => {
    cut.cut();
    clock.step(100);
    equal(failures(), 1);
  }, patience);
  t.false(reflector.isFresh);
  t.is(lists, 1);
  t.true(cut.watches() > 3 && cut.watches() < 10, `${cut.watches()} watches`);
  t.is(reflector.list().length, 1);
});

test('goes on after a callback that throws', async (t) => {
  const { driver } = given(t);
  let calls = 0;
  const { reflector } = reflect(t, driver, systemClock, {
    onSynced() {
      calls += 1;
      if (calls === 1) throw new Error('not now');
    },
  });
  await eventually(() => equal(calls, 2), patience);
  await eventually(() => equal(reflector.isFresh, true), patience);
  t.pass();
});

test('leaves no watch and calls nobody after close', async (t) => {
  const { world, driver } = given(t);
  const { reflector, seen } = reflect(t, driver, systemClock);
  await eventually(async () => equal((await world.watches())[cluster], 1), patience);
  await reflector.close();
  t.is((await world.watches())[cluster], 0);
  await put(driver, 'a', '1');
  await settle();
  t.deepEqual(seen(), []);
});

function given(t: ExecutionContext) {
  const world = createSandboxWorld({ clock: systemClock, random: createSeededRandom(7), delays: fastDelays });
  const driver = createInMemoryDriver(world, cluster);
  t.teardown(() => world.close());
  const endWatches = () => world.cluster(cluster).watchers.close();
  return { world: { ...createWorldControl(world), endWatches }, driver };
}

function reflect(t: ExecutionContext, driver: KubernetesDriver, clock: Clock, more: Partial<ReflectorOptions> = {}) {
  const changes: ReflectorChange[] = [];
  const errors: unknown[] = [];
  const reflector = createReflector({
    driver,
    type: configMaps,
    selector: 'sea=north',
    clock,
    log: silentLog,
    random: createSeededRandom(7),
    onChange: (change) => changes.push(change),
    onFailure: (error) => errors.push(error),
    ...more,
  });
  t.teardown(() => reflector.close());
  const text = ({ key, object, deleted }: ReflectorChange) =>
    `${key.name}${deleted ? ' gone' : `=${(object.data as { value: string }).value}`}`;
  return { reflector, seen: () => changes.map(text), failures: () => errors.length };
}

/** The same cluster by a way that can be cut under its watches. */
function createCuttable(driver: KubernetesDriver, onList: () => void) {
  let open: ((error: unknown) => void)[] = [];
  let watches = 0;
  const cuttable: KubernetesDriver = {
    ...driver,
    pages(type, options) {
      onList();
      return driver.pages(type, options);
    },
    async *watch(type, options) {
      watches += 1;
      const { promise, reject } = Promise.withResolvers<never>();
      promise.catch(() => {});
      open.push(reject);
      const inner = driver.watch(type, options)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await Promise.race([inner.next(), promise]);
          if (next.done) return;
          yield next.value;
        }
      } finally {
        void inner.return?.();
      }
    },
  };
  return {
    driver: cuttable,
    watches: () => watches,
    cut() {
      const cut = open;
      open = [];
      for (const reject of cut) reject(new ConnectionCutError('The connection was cut.'));
    },
  };
}

function put(driver: KubernetesDriver, name: string, value: string) {
  return driver.apply(make.configMap('default', name, { value }, labels), { force: true, signal });
}

function keyOf(name: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name };
}

function atLeast(actual: number, least: number): void {
  if (actual < least) throw new Error(`expected at least ${least}, got ${actual}`);
}

/** Lets everything that is ready to run, run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
