import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import type { KubernetesDriver, KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { parseSchedule } from '../../drivers/sandbox/cron-schedule.js';
import { fastDelays } from '../../drivers/sandbox/delays.js';
import { createInMemoryDriver } from '../../drivers/sandbox/driver.js';
import type { ClusterRecord, JournalRecord } from '../../drivers/sandbox/journal.js';
import { createSandboxWorld } from '../../drivers/sandbox/world.js';
import { createWorldControl } from '../../drivers/sandbox/world-control.js';
import { createManualClock } from '../../lib/clock.js';
import { createSeededRandom } from '../../lib/random.js';
import { make } from './make.js';
import { healthOf, keyOf, podsIn, signal, type } from './steps.js';

const unforced = { force: false, signal };
const minuteMs = 60_000;

test('runs a CronJob at its times, and keeps as many Jobs as it says', async (t) => {
  const { driver, clock } = given(t);
  const cron = cronJob({ schedule: '*/2 * * * *', successfulJobsHistoryLimit: 2 });
  await driver.apply(cron, unforced);
  clock.step(minuteMs);
  t.deepEqual(await jobsIn(driver), []);
  for (let count = 0; count < 4; count += 1) clock.step(2 * minuteMs);
  const jobs = await jobsIn(driver);
  t.deepEqual(
    jobs.map(({ metadata }) => metadata.name),
    ['tidy-29453766', 'tidy-29453768'],
  );
  t.is(jobs[0]?.metadata.annotations?.['batch.kubernetes.io/cronjob-scheduled-timestamp'], '2026-01-01T00:06:00Z');
  t.like(jobs[0]?.metadata.ownerReferences?.[0], { kind: 'CronJob', name: 'tidy', controller: true });
  t.like((await driver.get(keyOf(cron), signal))?.status, { lastScheduleTime: '2026-01-01T00:08:00Z' });
  const told = (await eventsIn(driver)).filter((event) => event.reason === 'SuccessfulCreate' && event.count === 1);
  t.true(told.some((event) => event.message === 'Created job tidy-29453766'));

  await driver.apply(cronJob({ schedule: '*/2 * * * *', suspend: true }), unforced);
  clock.step(10 * minuteMs);
  t.is((await jobsIn(driver)).length, 2);
});

test('lets a CronJob wait for, or put an end to, the Job before', async (t) => {
  const { driver, clock } = given(t);
  const slow = 'example.test/never-ready:1';
  await driver.apply(cronJob({ schedule: '* * * * *', concurrencyPolicy: 'Forbid' }, slow), unforced);
  clock.step(5 * minuteMs);
  t.deepEqual(
    (await jobsIn(driver)).map(({ metadata }) => metadata.name),
    ['tidy-29453761'],
  );
  await driver.apply(cronJob({ schedule: '* * * * *', concurrencyPolicy: 'Replace' }, slow), unforced);
  clock.step(5 * minuteMs);
  t.deepEqual(
    (await jobsIn(driver)).map(({ metadata }) => metadata.name),
    ['tidy-29453770'],
  );
});

test('finds the next time of a schedule', (t) => {
  const from = Date.UTC(2026, 0, 31, 23, 59, 30);
  const rows = {
    '* * * * *': '2026-02-01T00:00',
    '30 4 * * *': '2026-02-01T04:30',
    '0 0 29 2 *': '2028-02-29T00:00',
    '15,45 8-10/2 * * mon-fri': '2026-02-02T08:15',
    '0 12 13 * fri': '2026-02-06T12:00',
    '@monthly': '2026-02-01T00:00',
    '0 0 31 11 *': null,
  };
  for (const [schedule, expected] of Object.entries(rows)) {
    const parsed = parseSchedule(schedule);
    if (typeof parsed === 'string') throw new Error(parsed);
    const next = parsed.next(from);
    t.is(next === null ? null : new Date(next).toISOString().slice(0, 16), expected, schedule);
  }
  for (const wrong of ['hello', '60 * * * *', '* * * 13 *', '*/0 * * * *', '5-1 * * * *']) {
    t.is(typeof parseSchedule(wrong), 'string', wrong);
  }
});

test('counts what is told again, combines what is alike, and forgets all of it after an hour', async (t) => {
  const { driver, control, clock } = given(t);
  await driver.apply(make.deployment('default', 'web', { replicas: 20 }), unforced);
  await control.setFault({ kind: 'crashLoop', match: { name: 'web-*' }, count: 60 });
  clock.step(10_000);
  const events = await eventsIn(driver);
  const created = events.filter(({ reason }) => reason === 'SuccessfulCreate');
  t.is(created.length, 10);
  const combined = created.filter(({ message }) => message.startsWith('(combined from similar events): Created pod: '));
  t.is(combined.length, 1);
  t.is(combined[0]?.count, 11);
  const backOff = events.find(({ reason }) => reason === 'BackOff');
  t.true((backOff?.count ?? 0) > 1, String(backOff?.count));
  t.regex(backOff?.message ?? '', /^Back-off restarting failed container main in pod web-\w+-\w+_default\([-\w]+\)$/);

  clock.step(3_700_000);
  t.deepEqual(await eventsIn(driver), []);
});

test('holds no more events than it can bear', async (t) => {
  const { driver, clock } = given(t);
  for (let index = 0; index < 400; index += 1) {
    await driver.apply(make.deployment('default', `web-${index}`, { replicas: 3 }), unforced);
  }
  clock.step(10_000);
  t.is((await eventsIn(driver)).length, 5000);
});

test('tells what a kubelet tells of an image that cannot be had', async (t) => {
  const { driver, clock } = given(t);
  await driver.apply(make.deployment('default', 'web', { image: 'example.test/does-not-exist:7' }), unforced);
  clock.step(5000);
  const told = (await eventsIn(driver))
    .filter(({ involvedObject }) => involvedObject.kind === 'Pod')
    .map(({ type: of, reason, message }) => `${of} ${reason} ${message}`);
  t.deepEqual(told.filter((line) => !line.includes('Scheduled')).sort(), [
    'Normal BackOff Back-off pulling image "example.test/does-not-exist:7"',
    'Normal Pulling Pulling image "example.test/does-not-exist:7"',
    'Warning Failed Error: ErrImagePull',
    'Warning Failed Error: ImagePullBackOff',
    'Warning Failed Failed to pull image "example.test/does-not-exist:7": failed to pull and unpack image "example.test/does-not-exist:7": not found',
  ]);
});

test('rolls over within maxSurge and maxUnavailable', async (t) => {
  const { driver, clock } = given(t);
  const web = (image: string) => make.deployment('default', 'web', { replicas: 4, image });
  await driver.apply(web('example.test/web:1'), unforced);
  clock.step(1000);
  await driver.apply(web('example.test/web:2'), unforced);
  const seen: number[] = [];
  for (let count = 0; count < 200; count += 1) {
    clock.step(10);
    const { objects } = await driver.list(type('v1', 'Pod', 'pods', true), { selector: 'app=web', signal });
    const live = objects.filter(({ metadata }) => !metadata.deletionTimestamp);
    seen.push(live.length);
    t.true(live.length <= 5);
  }
  t.is(Math.max(...seen), 5);
  const { objects } = await driver.list(type('v1', 'Pod', 'pods', true), { selector: 'app=web', signal });
  t.is(objects.length, 4);
  const deployment = await driver.get(keyOf(web('')), signal);
  t.is(deployment?.metadata.annotations?.['deployment.kubernetes.io/revision'], '2');
});

test('takes up a gateway and its route where their definitions are installed', async (t) => {
  const { driver, clock } = given(t);
  for (const kind of ['Gateway', 'HTTPRoute']) await driver.apply(definitionOf(kind), unforced);
  clock.step(1000);
  const about = { apiVersion: 'gateway.networking.k8s.io/v1', metadata: { name: 'web', namespace: 'default' } };
  const route = { ...about, kind: 'HTTPRoute', spec: { parentRefs: [{ name: 'web' }] } };
  const gateway = {
    ...about,
    kind: 'Gateway',
    spec: { gatewayClassName: 'any', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
  };
  await driver.apply(route, unforced);
  clock.step(1000);
  t.is((await healthOf(driver, keyOf(route))).health, 'Progressing');
  await driver.apply(gateway, unforced);
  clock.step(5000);
  t.is((await healthOf(driver, keyOf(gateway))).health, 'Healthy');
  t.is((await healthOf(driver, keyOf(route))).health, 'Healthy');
});

test('goes on with a memory that was written before there were events, revisions and protected claims', async (t) => {
  const lines = readFileSync('test/drivers/fixtures/world-before-events.jsonl', 'utf8').trim().split('\n');
  const restored = lines.map((line) => JSON.parse(line) as ClusterRecord);
  const { driver, clock } = given(t, restored);
  const before = restored.filter(({ object }) => object?.kind === 'Pod').map(({ object }) => object?.metadata.uid);
  clock.step(60_000);
  const pods = await podsIn(driver, 'default');
  t.deepEqual(pods.map(({ metadata }) => metadata.uid).sort(), before.sort());
  for (const made of [make.deployment('default', 'web'), make.statefulSet('default', 'store')]) {
    t.is((await healthOf(driver, keyOf(made))).health, 'Healthy');
    await driver.apply(made, unforced);
    clock.step(60_000);
    const live = await driver.get(keyOf(made), signal);
    t.is((await healthOf(driver, keyOf(made))).health, 'Healthy');
    await driver.delete(keyOf(made), { uid: live?.metadata.uid ?? '', signal });
  }
  clock.step(60_000);
  t.deepEqual(await podsIn(driver, 'default'), []);
  const highest = Math.max(...restored.map(({ version }) => version));
  t.true(Number(pods[0]?.metadata.resourceVersion) <= highest);
  const chart = await driver.apply(make.configMap('default', 'chart', {}), unforced);
  t.true(Number(chart.metadata.resourceVersion) > highest + 10_000);
});

function definitionOf(kind: string): KubernetesObject {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const versions = [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }];
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.gateway.networking.k8s.io` },
    spec: { group: 'gateway.networking.k8s.io', scope: 'Namespaced', names: { plural, kind }, versions },
  };
}

interface Event extends KubernetesObject {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count?: number;
  readonly involvedObject: { readonly kind: string };
}

async function eventsIn(driver: KubernetesDriver): Promise<readonly Event[]> {
  const { objects } = await driver.list(type('v1', 'Event', 'events', true), { selector: '', signal });
  return objects as readonly Event[];
}

async function jobsIn(driver: KubernetesDriver): Promise<readonly KubernetesObject[]> {
  return (await driver.list(type('batch/v1', 'Job', 'jobs', true), { selector: '', signal })).objects;
}

function cronJob(spec: object, image = 'example.test/tidy:1'): KubernetesObject {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tidy', namespace: 'default' },
    spec: { jobTemplate: { spec: { template } }, ...spec },
  };
}

function given(t: ExecutionContext, restored: readonly JournalRecord[] = []) {
  const clock = createManualClock();
  const world = createSandboxWorld({ clock, random: createSeededRandom(7), delays: fastDelays, restored });
  t.teardown(() => world.close());
  return { world, clock, driver: createInMemoryDriver(world, 'here'), control: createWorldControl(world) };
}
