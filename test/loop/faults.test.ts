import test from 'ava';
import { startEmbeddedPostgres } from '../../db/embedded.js';
import { silentLog } from '../../lib/log.js';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { shop, shopObjects } from './apps.js';
import { createRig } from './rig.js';
import { type SandboxLoopWorld, startSandboxWorld } from './sandbox-world.js';

const folder = createGuardedFolder('portolan-faults-');
let world: SandboxLoopWorld;

test.before(async () => {
  world = await startSandboxWorld(folder);
});
test.after.always(async () => {
  await world?.sandbox.close();
  removeGuardedFolder(folder);
});

test.serial('there is one of everything when the reply to each apply is lost once', async (t) => {
  const rig = await createRig(t, await startTestServer(t), world);
  const { control } = world.sandbox;
  for (const kind of ['Namespace', 'Secret', 'ConfigMap', 'Service', 'Deployment']) {
    await control.setFault({ kind: 'lostReply', match: { cluster: rig.runtimeId, verb: 'apply', kind }, count: 1 });
  }
  rig.start();
  const instance = await rig.deploy(shop());
  await rig.becomes(instance.id, 'Healthy');
  t.deepEqual(await control.faults(), [], 'each fault hit');
  t.deepEqual(await rig.made(instance), shopObjects(instance.namespace));
  const everywhere = await control.objects({ cluster: rig.runtimeId, kind: 'Namespace' });
  t.is(everywhere.filter(({ object }) => object.metadata.name.startsWith('shop-')).length, 1);
});

test.serial('a cluster that throttles, conflicts and fails now and then still becomes as desired', async (t) => {
  const rig = await createRig(t, await startTestServer(t), world);
  const { control } = world.sandbox;
  const match = { cluster: rig.runtimeId, verb: 'apply' } as const;
  await control.setFault({ kind: 'throttle', match, count: 2, retryAfterMs: 50 });
  await control.setFault({ kind: 'serverError', match, count: 2 });
  await control.setFault({ kind: 'conflict', match, count: 2 });
  rig.start();
  const instance = await rig.deploy(shop());
  await rig.becomes(instance.id, 'Healthy');
  t.deepEqual(await rig.made(instance), shopObjects(instance.namespace));
});

test.serial('it converges when Postgres is restarted under load', async (t) => {
  const home = createGuardedFolder('portolan-postgres-');
  t.teardown(() => removeGuardedFolder(home));
  const options = { folder: home, log: silentLog, fsync: false };
  let postgres = await startEmbeddedPostgres(options);
  t.teardown(async () => {
    await postgres.close();
    removeGuardedFolder(postgres.homeFolder);
  });
  const server = await startTestServer(t, { connection: postgres.connection });
  const rig = await createRig(t, server, world);
  rig.start();
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const deploying = Promise.all(
    names.map((app) => eventually(() => rig.deploy(shop(), { app }), { timeoutMs: 20_000, everyMs: 200 })),
  );
  await postgres.close();
  postgres = await startEmbeddedPostgres(options);
  const instances = await deploying;
  for (const instance of instances) {
    await rig.becomes(instance.id, 'Healthy');
    t.deepEqual(await rig.made(instance), shopObjects(instance.namespace));
  }
  const { resources } = await rig.sdk.ListResources({ filter: { kinds: ['AppInstance'] } });
  t.deepEqual(resources.nodes.map(({ name }) => name).sort(), names);
});

test.serial("an object that was there and is somebody else's is left alone, and said", async (t) => {
  const rig = await createRig(t, await startTestServer(t), world);
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shared' } };
  const theirs = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shared' }, data: {} };
  const options = { force: false, signal: AbortSignal.timeout(60_000) };
  await rig.driver.apply(namespace, options);
  const { metadata } = await rig.driver.apply(theirs, options);
  rig.start();
  const [component] = shop() as readonly { readonly objects: readonly object[] }[];
  const instance = await rig.deploy([{ ...component, objects: [namespace, ...(component?.objects ?? [])] }]);
  const seen = await rig.becomes(instance.id, 'Degraded');
  t.regex(seen.message, /ConfigMap\/settings: It cannot be applied: it was there already/);
  await rig.remove(instance);
  await rig.isGone(instance);
  const key = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shared', name: 'settings' };
  t.is((await rig.driver.get(key, AbortSignal.timeout(60_000)))?.metadata.uid, metadata.uid);
});
