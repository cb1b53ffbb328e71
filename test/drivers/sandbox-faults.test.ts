import test, { type ExecutionContext } from 'ava';
import { PreconditionError, ServerError, ThrottledError, UnreachableError } from '../../drivers/kubernetes/errors.js';
import { fastDelays } from '../../drivers/sandbox/delays.js';
import { createInMemoryDriver } from '../../drivers/sandbox/driver.js';
import { createSandboxWorld } from '../../drivers/sandbox/world.js';
import { createWorldControl } from '../../drivers/sandbox/world-control.js';
import { createManualClock } from '../../lib/clock.js';
import { createSeededRandom } from '../../lib/random.js';
import { make } from './make.js';
import { healthOf, keyOf, podsIn, signal } from './steps.js';

const chart = make.configMap('default', 'chart', { depth: '7' });

test('loses the reply to a write that happened', async (t) => {
  const { driver, control } = given(t);
  await control.setFault({ kind: 'lostReply', count: 1 });
  await t.throwsAsync(driver.apply(chart, unforced), { instanceOf: UnreachableError });
  const stored = await driver.get(keyOf(chart), signal);
  t.deepEqual(stored?.data, { depth: '7' });
  t.is((await driver.apply(chart, unforced)).metadata.uid, stored?.metadata.uid);
});

test('refuses what it is told to refuse, as often as it is told', async (t) => {
  const { driver, control } = given(t);
  await control.setFault({ kind: 'throttle', count: 1, retryAfterMs: 2500 });
  const throttled = await t.throwsAsync(driver.apply(chart, unforced), { instanceOf: ThrottledError });
  t.is(throttled?.retryAfterMs, 2500);
  await control.setFault({ kind: 'serverError', count: 1 });
  await t.throwsAsync(driver.apply(chart, unforced), { instanceOf: ServerError });
  await control.setFault({ kind: 'conflict', count: 1 });
  await t.throwsAsync(driver.apply(chart, unforced), { instanceOf: PreconditionError });
  t.is(await driver.get(keyOf(chart), signal), null);
  t.deepEqual(await control.faults(), []);
  t.truthy(await driver.apply(chart, unforced));
});

test('hits only what a fault matches', async (t) => {
  const { world, driver, control } = given(t);
  await control.setFault({
    kind: 'serverError',
    match: { cluster: 'here', kind: 'ConfigMap', name: 'ch*', verb: 'apply' },
  });
  await t.throwsAsync(driver.apply(chart, unforced), { instanceOf: ServerError });
  t.is(await driver.get(keyOf(chart), signal), null);
  t.truthy(await driver.apply(make.configMap('default', 'other', {}), unforced));
  t.truthy(await createInMemoryDriver(world, 'there').apply(chart, unforced));
});

test('hits by chance, and in the same way from the same seed', async (t) => {
  const run = async () => {
    const { driver, control } = given(t);
    await control.setFault({ kind: 'serverError', probability: 0.5 });
    const outcomes: boolean[] = [];
    for (let attempt = 0; attempt < 40; attempt += 1) {
      outcomes.push(
        await driver.version(signal).then(
          () => true,
          () => false,
        ),
      );
    }
    return outcomes;
  };
  const first = await run();
  t.true(first.includes(true) && first.includes(false));
  t.deepEqual(await run(), first);
});

test('answers late by the clock', async (t) => {
  const { driver, control, clock } = given(t);
  await control.setFault({ kind: 'slow', delayMs: 5000, count: 1 });
  let isAnswered = false;
  const asked = driver.version(signal).then(() => {
    isAnswered = true;
  });
  clock.step(4999);
  await new Promise((resolve) => setImmediate(resolve));
  t.false(isAnswered);
  clock.step(1);
  await asked;
  t.true(isAnswered);
});

test('a pod recovers when what it was told to suffer from is over', async (t) => {
  const { driver, control, clock } = given(t);
  const web = make.deployment('default', 'web');
  await control.setFault({ kind: 'imagePull', match: { namespace: 'default', name: 'web-*' } });
  await driver.apply(web, unforced);
  clock.step(5000);
  t.is((await healthOf(driver, keyOf(web))).reason, 'ImagePullFailed');
  await control.clearFaults();
  clock.step(5000);
  t.is((await healthOf(driver, keyOf(web))).health, 'Healthy');

  await control.setFault({ kind: 'crashLoop', match: { name: 'web-*' } });
  clock.step(1000);
  t.is((await healthOf(driver, keyOf(web))).reason, 'CrashLoop');
  await control.clearFaults();
  clock.step(400_000);
  t.is((await healthOf(driver, keyOf(web))).health, 'Healthy');
});

test('a pod waits for its Secret, its volume and room on a node, and says so', async (t) => {
  const { driver, control, clock } = given(t);
  const wants = (name: string, container: object, volumes: readonly object[] = []) => {
    const deployment = make.deployment('default', name);
    const spec = deployment.spec as { template: { spec: { containers: object[] } } };
    spec.template.spec = {
      containers: [{ name: 'main', image: 'example.test/web:1', ...container }],
      ...(volumes.length > 0 ? { volumes } : {}),
    };
    return deployment;
  };
  const secret = wants('a', { envFrom: [{ secretRef: { name: 'login' } }] });
  const volume = wants('b', {}, [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]);
  const huge = wants('c', { resources: { requests: { cpu: '500' } } });
  for (const each of [secret, volume, huge]) await driver.apply(each, unforced);
  clock.step(5000);
  t.regex((await healthOf(driver, keyOf(secret))).message, /secret "login" not found/);
  t.is((await healthOf(driver, keyOf(volume))).reason, 'NotBound');
  t.deepEqual(await healthOf(driver, keyOf(huge)), {
    health: 'Degraded',
    reason: 'Unschedulable',
    message:
      'Pod cannot be placed on a node: 0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
  });

  await driver.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'login', namespace: 'default' },
      stringData: { a: 'b' },
    } as never,
    unforced,
  );
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace: 'default' } };
  await driver.apply(
    { ...claim, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    unforced,
  );
  clock.step(5000);
  t.is((await healthOf(driver, keyOf(secret))).health, 'Healthy');
  t.is((await healthOf(driver, keyOf(volume))).health, 'Healthy');
  t.is((await control.objects({ kind: 'Pod', labels: { app: 'c' } })).length, 1);
});

test('puts back a pod that somebody deleted, and tells an edit by hand from our own', async (t) => {
  const { driver, control, clock } = given(t);
  const web = make.deployment('default', 'web', { replicas: 2 });
  await driver.apply(web, unforced);
  clock.step(5000);
  const [pod] = await podsIn(driver, 'default');
  t.true(await control.deleteByHand('here', keyOf(pod as never)));
  clock.step(5000);
  const after = await podsIn(driver, 'default');
  t.is(after.length, 2);
  t.false(after.some((each) => each.metadata.name === pod?.metadata.name));

  await control.editByHand('here', keyOf(web), { spec: { replicas: 5 } });
  await t.throwsAsync(driver.apply(web, unforced), {
    message: /conflict with "kubectl-edit" using apps\/v1 at 2026-01-01T00:00:\d\dZ: \.spec\.replicas$/,
  });
});

const unforced = { force: false, signal };

function given(t: ExecutionContext) {
  const clock = createManualClock();
  const world = createSandboxWorld({ clock, random: createSeededRandom(7), delays: fastDelays });
  t.teardown(() => world.close());
  return { world, clock, driver: createInMemoryDriver(world, 'here'), control: createWorldControl(world) };
}
