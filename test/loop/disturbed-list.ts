import type { ExecutionContext, TestFn } from 'ava';
import type { Disturbance, DisturbingProxy, SeenRequest, Taken } from '../helpers/disturbing-proxy.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { shop } from './apps.js';
import type { DisturbedWorld } from './disturbed-world.js';
import { createRig, type Instance, type Rig } from './rig.js';

/** What must hold while an API server is not well: nothing is lost, it is said since when, it converges, and nothing storms. */
export function declareDisturbedList(test: TestFn, world: () => DisturbedWorld): void {
  for (const outage of outages) declareOutage(test, world, outage);
  declareWatches(test, world);

  test.serial('an API server whose apps are as desired is left alone', async (t) => {
    const { proxy } = await given(t, world(), { runtimeEveryMs: 600_000 });
    // What the apps became well by is still told and looked at for a moment.
    await quiet(proxy);
    await windowOf(WINDOW_MS);
    const taken = proxy.take();
    t.deepEqual(taken.requests, [], storm(taken));
  });
}

/** The same where the cluster is a real API server, with a certificate, and a process that can be taken away. */
export function declareRestarts(test: TestFn, world: () => DisturbedWorld): void {
  declareOutage(test, world, {
    title: 'the certificate changed',
    disturbance: { type: 'certificate' },
    health: 'Unknown',
    says: /its certificate is not trusted/,
  });

  test.serial('the API server is started anew: nothing is lost, and it converges without a storm', async (t) => {
    const { apiServer } = world();
    if (apiServer === null) throw new Error('There is no API server to take away.');
    const { rig, instance, proxy, uids } = await given(t, world());
    proxy.take();
    await apiServer.stopApiServer();
    await rig.becomes(rig.runtimeId, 'Unknown');
    await rig.deploy(shop('example.com/web:2'));
    await apiServer.startApiServer();
    await rig.becomes(rig.runtimeId, 'Healthy');
    await hasRelease(world(), rig, instance, 'example.com/web:2');
    t.deepEqual(await rig.uids(instance), uids);
    const taken = proxy.take();
    t.deepEqual(deletions(taken), []);
    t.true(taken.requests.length <= MOST_IN_VAIN, storm(taken));
  });
}

/** What is wrong with the API server, and what the runtime then says of it. */
interface Outage {
  readonly title: string;
  readonly disturbance: Disturbance;
  readonly health: string;
  readonly says: RegExp;
}

function declareOutage(test: TestFn, world: () => DisturbedWorld, outage: Outage): void {
  test.serial(
    `${outage.title}: nothing is lost, it is said since when, and it converges without a storm`,
    async (t) => {
      const { rig, instance, proxy, uids } = await given(t, world());
      await proxy.disturb(outage.disturbance);
      const seen = await rig.becomes(rig.runtimeId, outage.health);
      t.regex(seen.message, outage.says);
      const since = await sinceOf(rig);
      // What is there is not known any more, so nobody claims that it is well.
      await rig.becomes(instance.id, 'Unknown');
      await rig.deploy(shop('example.com/web:2'));
      proxy.take();
      await windowOf(WINDOW_MS);
      const taken = proxy.take();
      t.true(taken.requests.length <= MOST_IN_VAIN, storm(taken));
      t.true(taken.connections <= MOST_IN_VAIN, storm(taken));
      t.is(await sinceOf(rig), since, 'it is said since when it is so');
      t.is((await rig.health(rig.runtimeId)).health, outage.health);

      await proxy.disturb(null);
      await rig.becomes(rig.runtimeId, 'Healthy');
      await hasRelease(world(), rig, instance, 'example.com/web:2');
      t.deepEqual(await rig.uids(instance), uids);
      t.deepEqual(deletions(proxy.take()), []);
    },
  );
}

function declareWatches(test: TestFn, world: () => DisturbedWorld): void {
  test.serial('the API server is slow: all is seen as it is, and it converges', async (t) => {
    const { rig, instance, proxy, uids } = await given(t, world());
    await proxy.disturb({ type: 'slow', delayMs: 1000 });
    await rig.deploy(shop('example.com/web:2'));
    await hasRelease(world(), rig, instance, 'example.com/web:2');
    t.is((await rig.health(rig.runtimeId)).health, 'Healthy');
    t.deepEqual(await rig.uids(instance), uids);
    await proxy.disturb(null);
    t.deepEqual(deletions(proxy.take()), []);
  });

  test.serial(
    'a watch that is cut every second goes on where it was: nothing is listed again, and an edit is seen',
    async (t) => {
      const { rig, instance, proxy, uids } = await given(t, world());
      await proxy.disturb({ type: 'cut', afterMs: 1000 });
      await eventually(() => {
        const { size } = kindsOf(proxy.seen());
        if (size <= 4) throw new Error(`Watches of ${size} kinds were cut.`);
      }, patience);
      proxy.take();
      const lengthMs = await windowOf(WINDOW_MS);
      const taken = proxy.take();
      t.deepEqual(viewLists(taken), []);
      const [watches, kinds] = [watchesOf(taken).length, kindsOf(taken).size];
      t.true(watches > kinds && watches <= kinds * (lengthMs / 1000) * 1.3, storm(taken));
      t.is((await rig.health(instance.id)).health, 'Healthy');
      await seesAnEdit(t, world(), rig, instance);
      t.deepEqual(await rig.uids(instance), uids);
      await proxy.disturb(null);
      t.deepEqual(deletions(proxy.take()), []);
    },
  );

  test.serial('a watch whose version is too old lists once, loses nothing, and sees an edit', async (t) => {
    const { rig, instance, proxy, uids } = await given(t, world());
    proxy.take();
    await proxy.disturb({ type: 'gone', isOnce: true });
    await eventually(() => {
      const seen = proxy.seen();
      if (viewLists(seen).length <= 4) throw new Error(storm(seen));
    }, patience);
    await windowOf(3000);
    const lists = viewLists(proxy.take()).map(({ path }) => path);
    t.deepEqual(lists.toSorted(), [...new Set(lists)].toSorted(), 'each kind is listed once');
    await seesAnEdit(t, world(), rig, instance);
    t.deepEqual(await rig.uids(instance), uids);
    await proxy.disturb(null);
    t.deepEqual(deletions(proxy.take()), []);
  });

  test.serial(
    'watches that are always too old are tried less and less, and all is seen once they are not',
    async (t) => {
      const { rig, instance, proxy, uids } = await given(t, world());
      await proxy.disturb({ type: 'gone', isOnce: false });
      await windowOf(WINDOW_MS);
      const taken = proxy.take();
      const kinds = new Set(watchesOf(taken).map(({ path }) => path)).size;
      t.true(watchesOf(taken).length <= kinds * MOST_TRIES, storm(taken));
      t.true(viewLists(taken).length <= kinds * MOST_TRIES, storm(taken));
      await proxy.disturb(null);
      await seesAnEdit(t, world(), rig, instance);
      t.deepEqual(await rig.uids(instance), uids);
      t.deepEqual(deletions(proxy.take()), []);
    },
  );
}

const outages: readonly Outage[] = [
  {
    title: 'nobody answers',
    disturbance: { type: 'away' },
    health: 'Unknown',
    says: /^Cannot reach the API server/,
  },
  {
    title: 'each answer is 429',
    disturbance: { type: 'throttle', retryAfterSeconds: 1 },
    health: 'Degraded',
    says: /too many requests/,
  },
  { title: 'each answer is 500', disturbance: { type: 'fail' }, health: 'Degraded', says: /etcd is not well/ },
  {
    title: 'the token has expired',
    disturbance: { type: 'refuse' },
    health: 'Degraded',
    says: /does not accept the credential/,
  },
];

/** Long enough for a loop without a pause to show. */
const WINDOW_MS = 4000;
/** The runtime is looked at once a second; about ten views, and what waits to be applied, try again later and later. */
const MOST_IN_VAIN = 150;
/** At once, and 0.5, 1 and 2 seconds apart, at the least half of that, within the window. */
const MOST_TRIES = 7;

async function given(t: ExecutionContext, world: DisturbedWorld, { runtimeEveryMs = 1000 } = {}) {
  const rig = await createRig(t, await startTestServer(t), world);
  rig.start({ runtimeEveryMs });
  const instance = await rig.deploy(shop());
  await rig.becomes(instance.id, 'Healthy');
  const { proxy } = world;
  t.teardown(() => proxy.disturb(null));
  return { rig, instance, proxy, uids: await rig.uids(instance) };
}

async function hasRelease(world: DisturbedWorld, rig: Rig, { id, namespace }: Instance, image: string): Promise<void> {
  const key = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' };
  await eventually(
    async () => {
      const web = JSON.stringify((await rig.driver.get(key, AbortSignal.timeout(60_000)))?.spec ?? null);
      if (!web.includes(`"${image}"`)) throw new Error(`It is not ${image}: ${web}`);
    },
    { timeoutMs: world.patienceMs, everyMs: 100 },
  );
  await rig.becomes(id, 'Healthy');
}

async function seesAnEdit(t: ExecutionContext, world: DisturbedWorld, rig: Rig, { namespace }: Instance) {
  const key = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' };
  await world.editByHand(rig.runtimeId, key, { data: { color: 'red' } });
  const signal = AbortSignal.timeout(world.patienceMs);
  const restored = await eventually(
    async () => {
      const found = await rig.driver.get(key, signal);
      if (JSON.stringify(found?.data) !== '{"color":"blue"}') throw new Error('It is not put back.');
      return found;
    },
    { timeoutMs: world.patienceMs, everyMs: 100 },
  );
  t.truthy(restored?.metadata.uid);
}

async function sinceOf(rig: Rig): Promise<string> {
  const { node } = await rig.sdk.GetControlledResource({ id: rig.runtimeId });
  const conditions = node && 'status' in node ? node.status.conditions : [];
  const since = conditions.find(({ type }) => type === 'Ready')?.since;
  if (since === undefined) throw new Error('The runtime says nothing of READY.');
  return since;
}

/** Nothing is waited for here: what does not happen in this time is what is looked at. Gives how long it was. */
async function windowOf(lengthMs: number): Promise<number> {
  const startMs = Date.now();
  const endMs = startMs + lengthMs;
  const everyMs = 100;
  await eventually(
    () => {
      if (Date.now() < endMs) throw new Error('The window is open.');
    },
    { timeoutMs: lengthMs * 2, everyMs },
  );
  return Date.now() - startMs;
}

/** Waits for a window in which nothing was asked. */
async function quiet(proxy: DisturbingProxy): Promise<void> {
  await eventually(async () => {
    proxy.take();
    await windowOf(1000);
    const taken = proxy.take();
    if (taken.requests.length > 0) throw new Error(storm(taken));
  }, patience);
}

const patience = { timeoutMs: 60_000 };

const watchesOf = ({ requests }: Taken): readonly SeenRequest[] => requests.filter(({ verb }) => verb === 'watch');
const kindsOf = (taken: Taken): ReadonlySet<string> => new Set(watchesOf(taken).map(({ path }) => path));
const deletions = ({ requests }: Taken): readonly SeenRequest[] => requests.filter(({ verb }) => verb === 'delete');

/** Nodes are counted by a list, each time that the runtime is looked at. */
const viewLists = ({ requests }: Taken): readonly SeenRequest[] =>
  requests.filter(({ verb, path }) => verb === 'list' && !path.endsWith('/nodes'));

/** What was asked how often. */
function storm({ connections, requests }: Taken): string {
  const counts = new Map<string, number>();
  for (const { verb, path } of requests) {
    counts.set(`${verb} ${path}`, (counts.get(`${verb} ${path}`) ?? 0) + 1);
  }
  return `${connections} connections, ${requests.length} requests: ${JSON.stringify(Object.fromEntries(counts))}`;
}
