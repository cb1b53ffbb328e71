import test from 'ava';
import type { JsonObject } from '../../lib/canonical.js';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { disagreements } from '../helpers/agreement.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { shop } from './apps.js';
import { createRig } from './rig.js';
import { type SandboxLoopWorld, startSandboxWorld } from './sandbox-world.js';

/* The comparison that ends every loop test has to see what is wrong. Here nobody puts anything right meanwhile. */

const folder = createGuardedFolder('portolan-agreement-');
let world: SandboxLoopWorld;

test.before(async () => {
  world = await startSandboxWorld(folder);
});
test.after.always(async () => {
  await world?.sandbox.close();
  removeGuardedFolder(folder);
});

const edits: readonly {
  readonly title: string;
  readonly kind: string;
  readonly patch: JsonObject;
  readonly says: RegExp;
}[] = [
  {
    title: 'another value of a desired field',
    kind: 'ConfigMap/settings',
    patch: { data: { color: 'red' } },
    says: /ConfigMap\/shop-.*\/settings is to have data.color "blue", and has "red"$/,
  },
  {
    title: 'a label that was removed',
    kind: 'Service/web',
    patch: { metadata: { labels: { 'portolan.dev/instance': null } } },
    says: /Service\/shop-.*\/web has not the right label portolan.dev\/instance$/,
  },
  {
    title: 'a mark of another',
    kind: 'Service/web',
    patch: { metadata: { annotations: { 'portolan.dev/resource': 'somebody' } } },
    says: /Service\/shop-.*\/web has not the right annotation portolan.dev\/resource$/,
  },
];

test.serial('graph and cluster are seen to disagree about fields, labels, marks, health and existence', async (t) => {
  const server = await startTestServer(t);
  const rig = await createRig(t, server, world);
  const controllers = rig.start();
  const instance = await rig.deploy(shop());
  await rig.becomes(instance.id, 'Healthy');
  await rig.agree();
  await controllers.close();
  const compare = () =>
    disagreements({ server, readCluster: () => world.readAll(rig.runtimeId), instanceIds: [instance.id] });
  const { control } = world.sandbox;

  for (const { title, kind, patch, says } of edits) {
    const [type = '', name = ''] = kind.split('/');
    await control.editByHand(
      rig.runtimeId,
      { apiVersion: 'v1', kind: type, namespace: instance.namespace, name },
      patch,
    );
    t.regex((await compare()).find((text) => says.test(text)) ?? '', says, title);
  }

  await control.setFault({ kind: 'imagePull', match: { cluster: rig.runtimeId } });
  for (const { object } of await control.objects({ cluster: rig.runtimeId, kind: 'Pod' })) {
    const { namespace = '', name } = object.metadata;
    await control.deleteByHand(rig.runtimeId, { apiVersion: 'v1', kind: 'Pod', namespace, name });
  }
  const health =
    /the graph says that Deployment.apps\/shop-.*\/web is Healthy .*, and the cluster .*"unavailableReplicas":1/;
  await eventually(
    async () => {
      const found = (await compare()).join('\n');
      if (!health.test(found)) throw new Error(found);
    },
    { timeoutMs: 10_000 },
  );
  await control.clearFaults();

  const key = { apiVersion: 'v1', kind: 'Service', namespace: instance.namespace, name: 'web' };
  await control.deleteByHand(rig.runtimeId, key);
  t.regex((await compare()).join('\n'), /says that Service\/shop-.*\/web is present, and the cluster does not have it/);
  const stray = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'stray', namespace: instance.namespace, ...marksOf(instance.id) },
    spec: { ports: [{ name: 'http', port: 80 }] },
  };
  await rig.driver.apply(stray, { force: false, signal: AbortSignal.timeout(60_000) });
  t.regex(
    (await compare()).join('\n'),
    /the cluster has Service\/shop-.*\/stray of the app instance .*, and the graph does not/,
  );

  // Whoever goes on puts all of it right, but for the stray, which is nobody's that the inventory names.
  await control.deleteByHand(rig.runtimeId, { ...key, name: 'stray' });
  rig.start();
});

const marksOf = (instanceId: string) => ({
  labels: { 'portolan.dev/instance': instanceId },
  annotations: { 'portolan.dev/resource': 'nobody' },
});
