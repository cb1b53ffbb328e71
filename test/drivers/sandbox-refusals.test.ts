import test, { type ExecutionContext } from 'ava';
import { createApiDriver } from '../../drivers/kubernetes/api-driver.js';
import { GoneError, QuotaError, UnreachableError, WebhookError } from '../../drivers/kubernetes/errors.js';
import { conditionOf } from '../../drivers/kubernetes/object-fields.js';
import { fastDelays } from '../../drivers/sandbox/delays.js';
import { createInMemoryDriver } from '../../drivers/sandbox/driver.js';
import { createMemoryTransport } from '../../drivers/sandbox/memory-transport.js';
import { createSandboxWorld } from '../../drivers/sandbox/world.js';
import { createWorldControl } from '../../drivers/sandbox/world-control.js';
import { createManualClock } from '../../lib/clock.js';
import { createSeededRandom } from '../../lib/random.js';
import { make } from './make.js';
import { collect, configMaps, deploymentKey, ending, healthOf, keyOf, podsIn, replicasOf, signal } from './steps.js';

const unforced = { force: false, signal };
const chart = make.configMap('default', 'chart', { depth: '7' });

test('plays a webhook that does not answer, and one that denies', async (t) => {
  const { driver, control, clock } = given(t);
  const silent = await control.setFault({ kind: 'webhook', name: 'guard.example.test', match: { kind: 'ConfigMap' } });
  const failed = await t.throwsAsync(driver.apply(chart, unforced), { instanceOf: WebhookError });
  t.is(failed?.webhook, 'guard.example.test');
  t.is(failed?.status, 500);
  await control.clearFaults(silent);

  await control.setFault({ kind: 'webhook', name: 'images.example.test', message: 'no tag', match: { kind: 'Pod' } });
  await driver.apply(make.deployment('default', 'web'), unforced);
  clock.step(1000);
  const web = await driver.get(deploymentKey('default'), signal);
  t.like(web && conditionOf(web, 'ReplicaFailure'), {
    status: 'True',
    reason: 'FailedCreate',
    message: 'admission webhook "images.example.test" denied the request: no tag',
  });
  await control.clearFaults();
  clock.step(5000);
  t.is((await healthOf(driver, deploymentKey('default'))).health, 'Healthy');
});

test('plays a quota that is used up', async (t) => {
  const { driver, control } = given(t);
  await control.setFault({ kind: 'quota', name: 'team', match: { kind: 'ConfigMap' } });
  const error = await t.throwsAsync(driver.apply(chart, unforced), { instanceOf: QuotaError });
  t.is(error?.quota, 'team');
  t.regex(error?.message ?? '', /requested: configmaps=1, used: configmaps=1, limited: configmaps=1$/);
});

test('plays nodes that have no room, and storage that has none', async (t) => {
  const { driver, control, clock } = given(t);
  await control.setFault({ kind: 'unschedulable', match: { name: 'web-*' } });
  await control.setFault({ kind: 'noVolume', match: { name: 'data-*' } });
  await driver.apply(make.deployment('default', 'web'), unforced);
  await driver.apply(make.statefulSet('default', 'store'), unforced);
  clock.step(5000);
  t.is((await healthOf(driver, deploymentKey('default'))).reason, 'Unschedulable');
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data-store-0' };
  t.is(((await driver.get(claim, signal))?.status as { phase?: string }).phase, 'Pending');
  await control.clearFaults();
  clock.step(5000);
  t.deepEqual(
    (await podsIn(driver, 'default')).map((pod) => (pod.status as { phase?: string }).phase),
    ['Running', 'Running'],
  );
});

test('cuts each watch after its time, those that were open too', async (t) => {
  const { driver, control, clock } = given(t);
  const { resourceVersion } = await driver.list(configMaps, { selector: '', signal });
  const watch = () => collect(driver.watch(configMaps, { selector: '', resourceVersion, signal: ending(t) }));
  const open = watch();
  await settle();
  await control.setFault({ kind: 'watchCut', delayMs: 200 });
  await open.ended;
  t.true(open.error instanceof UnreachableError);

  const next = watch();
  await settle();
  await driver.apply(chart, unforced);
  clock.step(199);
  await settle();
  t.is(next.error, null);
  clock.step(1);
  await next.ended;
  t.true(next.error instanceof UnreachableError);
  t.is(next.changes.length, 1);
  t.is((await control.watches()).here, 0);
});

test('forgets the past when told to, for watches and for pages', async (t) => {
  const { world, driver, control } = given(t);
  const old = await driver.apply(chart, unforced);
  await driver.apply(make.configMap('default', 'other', {}), unforced);
  const paged = createMemoryTransport(world, 'here');
  const request = { method: 'GET', path: '/api/v1/namespaces/default/configmaps', signal } as const;
  const first = await paged.request({ ...request, query: { limit: '1' } });
  const { metadata } = first.body as { metadata: { continue: string } };

  await driver.apply(make.configMap('default', 'third', {}), unforced);
  await control.compact('here');
  const resourceVersion = old.metadata.resourceVersion ?? '';
  const events = collect(driver.watch(configMaps, { selector: '', resourceVersion, signal }));
  await events.ended;
  t.true(events.error instanceof GoneError);
  t.is((await paged.request({ ...request, query: { limit: '1', continue: metadata.continue } })).status, 410);

  // The driver begins a list anew that met a page of the past.
  await control.setFault({ kind: 'gone', count: 1 });
  const { objects } = await createApiDriver(paged, { pageSize: 1 }).list(configMaps, { selector: '', signal });
  t.is(objects.length, 3);
  t.deepEqual(await control.faults(), []);
});

test('scales what an autoscaler targets within its limits, and when told to', async (t) => {
  const { driver, control, clock } = given(t);
  await driver.apply(make.deployment('default', 'web', { replicas: 2 }), unforced);
  const autoscaler = await driver.apply(
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        minReplicas: 3,
        maxReplicas: 7,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      },
    },
    unforced,
  );
  clock.step(1000);
  t.is(replicasOf(await driver.get(deploymentKey('default'), signal)), 3);
  await control.autoscale('here', keyOf(autoscaler), 7);
  clock.step(1000);
  const scaled = await driver.get(deploymentKey('default'), signal);
  t.is(replicasOf(scaled), 7);
  const managers = (scaled?.metadata.managedFields ?? []) as readonly { manager: string; subresource?: string }[];
  t.true(managers.some((each) => each.manager === 'kube-controller-manager' && each.subresource === 'scale'));
  const seen = await driver.get(keyOf(autoscaler), signal);
  t.like(seen?.status, { currentReplicas: 7, desiredReplicas: 7 });
  await t.throwsAsync(driver.apply(make.deployment('default', 'web', { replicas: 2 }), unforced), {
    message: /conflict with "kube-controller-manager" with subresource "scale"/,
  });
});

function given(t: ExecutionContext) {
  const clock = createManualClock();
  const world = createSandboxWorld({ clock, random: createSeededRandom(7), delays: fastDelays });
  t.teardown(() => world.close());
  return { world, clock, driver: createInMemoryDriver(world, 'here'), control: createWorldControl(world) };
}

/** Lets what was woken run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
