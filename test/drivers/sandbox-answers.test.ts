import test, { type ExecutionContext } from 'ava';
import { createApiDriver } from '../../drivers/kubernetes/api-driver.js';
import type { KubernetesDriver, LogsOptions } from '../../drivers/kubernetes/driver.js';
import { CredentialRefusedError, DeniedError, InvalidObjectError } from '../../drivers/kubernetes/errors.js';
import { fastDelays } from '../../drivers/sandbox/delays.js';
import { createInMemoryDriver } from '../../drivers/sandbox/driver.js';
import { createMemoryTransport } from '../../drivers/sandbox/memory-transport.js';
import { createSandboxWorld } from '../../drivers/sandbox/world.js';
import { createWorldControl } from '../../drivers/sandbox/world-control.js';
import { createManualClock } from '../../lib/clock.js';
import { createSeededRandom } from '../../lib/random.js';
import { make } from './make.js';
import { configMaps, podsIn, signal, type, withContainers } from './steps.js';

const unforced = { force: false, signal };

test('says why a container has no log yet, in the words of a kubelet', async (t) => {
  const { driver, control, clock } = given(t);
  await driver.apply(make.deployment('default', 'web', { image: 'example.test/does-not-exist:1' }), unforced);
  clock.step(40);
  const pod = await podName(driver);
  await t.throwsAsync(read(driver, { pod }), {
    instanceOf: InvalidObjectError,
    message: /container "main" in pod "web-\w+-\w+" is waiting to start: image can't be pulled$/,
  });
  clock.step(1000);
  await t.throwsAsync(read(driver, { pod }), { message: /is waiting to start: trying and failing to pull image$/ });
  await t.throwsAsync(read(driver, { pod, previous: true }), {
    message: /previous terminated container "main" in pod "web-\w+-\w+" not found$/,
  });

  await control.setFault({ kind: 'unschedulable' });
  await driver.apply(make.deployment('default', 'api'), unforced);
  clock.step(1000);
  const [unplaced] = (await podsIn(driver, 'default')).filter(({ metadata }) => metadata.name.startsWith('api-'));
  await t.throwsAsync(read(driver, { pod: unplaced?.metadata.name ?? '' }), { message: /not on a node yet/ });
});

test('the last lines of a container that crashes tell how it ended, and are the same each time', async (t) => {
  const { driver, clock } = given(t);
  await driver.apply(make.deployment('default', 'web', { image: 'example.test/crash-loop:1' }), unforced);
  clock.step(5000);
  const pod = await podName(driver);
  const last = await read(driver, { pod, tailLines: 2 });
  t.deepEqual(last, ['main: cannot go on', 'panic: this container was told to crash']);
  t.deepEqual(await read(driver, { pod, previous: true, tailLines: 2 }), last);
  clock.step(10_000);
  t.deepEqual(await read(driver, { pod, tailLines: 2 }), last);
});

test('each of several containers has its own log, and one that crashes leaves the other running', async (t) => {
  const { driver, control, clock } = given(t);
  await driver.apply(withContainers(make.deployment('default', 'web'), ['main', 'side']), unforced);
  await control.setFault({ kind: 'crashLoop', match: { name: 'web-*' } });
  clock.step(5000);
  const pod = await podName(driver);
  t.true((await read(driver, { pod, container: 'main' })).includes('panic: this container was told to crash'));
  t.deepEqual((await read(driver, { pod, container: 'side' })).slice(0, 2), [
    'side: started from example.test/web:1',
    'side: ready',
  ]);
});

test('a followed log goes on by the clock, and ends with its container', async (t) => {
  const { driver, control, clock } = given(t);
  await driver.apply(make.deployment('default', 'web'), unforced);
  clock.step(1000);
  const pod = await podName(driver);
  const lines: string[] = [];
  const ended = (async () => {
    for await (const line of driver.logs(logOf({ pod, follow: true }))) lines.push(line);
  })();
  await settle();
  t.deepEqual(lines, ['main: started from example.test/web:1', 'main: ready']);
  for (let count = 0; count < 25; count += 1) await stepAndSettle(clock, 500);
  t.is(lines.length, 4);
  t.regex(lines[3] ?? '', /^main: handled \d+ requests in \d+ ms on average$/);
  t.deepEqual(await read(driver, { pod }), lines);
  await control.deleteByHand('here', { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: pod });
  for (let count = 0; count < 4; count += 1) await stepAndSettle(clock, 500);
  await ended;
});

test('a token is good until it ends by the clock, and no longer', async (t) => {
  const { world, driver, clock } = given(t);
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'pilot', namespace: 'default' } };
  await driver.apply(account, unforced);
  const asked = { namespace: 'default', serviceAccount: 'pilot', expiresInSeconds: 600, signal };
  const { token, expiresAt } = await driver.requestToken(asked);
  t.is(Date.parse(expiresAt), clock.now() + 600_000);
  const pilot = createApiDriver(createMemoryTransport(world, 'here', token));
  t.regex(await pilot.version(signal), /^v1\./);
  clock.step(600_000);
  await t.throwsAsync(pilot.version(signal), { instanceOf: CredentialRefusedError });

  const elsewhere = createApiDriver(createMemoryTransport(world, 'there', (await driver.requestToken(asked)).token));
  await t.throwsAsync(elsewhere.version(signal), { instanceOf: CredentialRefusedError });
  const wrong = createApiDriver(createMemoryTransport(world, 'here', 'wrong'));
  await t.throwsAsync(wrong.version(signal), { instanceOf: CredentialRefusedError });
  await t.throwsAsync(driver.requestToken({ ...asked, expiresInSeconds: 5 }), {
    message: /spec\.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes$/,
  });
});

test('a right that is taken away is missing when asked for, and denied when used', async (t) => {
  const { driver, control } = given(t);
  const readPods = { verb: 'list', group: '', resource: 'pods' };
  const deploy = { verb: 'patch', group: 'apps', resource: 'deployments' };
  const rights = [readPods, { ...readPods, namespace: 'default' }, deploy];
  t.deepEqual(await driver.missingRights(rights, signal), []);
  await control.setFault({ kind: 'forbidden', match: { kind: 'Deployment', verb: 'apply' } });
  await control.setFault({ kind: 'forbidden', match: { kind: 'Pod', namespace: 'default' } });
  t.deepEqual(await driver.missingRights(rights, signal), rights);
  t.deepEqual(await driver.missingRights([{ ...readPods, namespace: 'other' }], signal), []);
  await t.throwsAsync(driver.apply(make.deployment('default', 'web'), unforced), {
    instanceOf: DeniedError,
    message:
      /deployments\.apps "web" is forbidden: User "admin" cannot patch resource "deployments" in API group "apps" in the namespace "default"$/,
  });
  await t.throwsAsync(podsIn(driver, 'default'), {
    message: /pods is forbidden: User "admin" cannot list resource "pods" in API group "" in the namespace "default"$/,
  });
  t.truthy(await driver.list(configMaps, { selector: '', signal }));
});

function given(t: ExecutionContext) {
  const clock = createManualClock();
  const world = createSandboxWorld({ clock, random: createSeededRandom(7), delays: fastDelays });
  t.teardown(() => world.close());
  return { world, clock, driver: createInMemoryDriver(world, 'here'), control: createWorldControl(world) };
}

async function podName(driver: KubernetesDriver): Promise<string> {
  const pods = await driver.list(type('v1', 'Pod', 'pods', true), { selector: '', signal });
  return pods.objects[0]?.metadata.name ?? '';
}

function logOf(options: Partial<LogsOptions>): LogsOptions {
  const whole = { container: null, follow: false, previous: false, tailLines: null, sinceSeconds: null };
  return { ...whole, timestamps: false, signal, namespace: 'default', pod: '', ...options };
}

async function read(driver: KubernetesDriver, options: Partial<LogsOptions>): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of driver.logs(logOf(options))) lines.push(line);
  return lines;
}

/** Lets what was woken run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function stepAndSettle(clock: { step(byMs: number): void }, byMs: number): Promise<void> {
  clock.step(byMs);
  await settle();
}
