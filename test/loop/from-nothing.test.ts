import test from 'ava';
import { type Sandbox, startSandbox } from '../../drivers/sandbox/start.js';
import { silentLog } from '../../lib/log.js';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { startTestServer } from '../helpers/server.js';
import { smallDatabase, variable, webComponent } from './dependent-apps.js';
import { createGraphRig } from './graph-rig.js';

const folder = createGuardedFolder('portolan-from-nothing-');
let sandbox: Sandbox;

test.before(async () => {
  sandbox = await startSandbox({ folder, seed: 1, log: silentLog, isFast: true });
});
test.after.always(async () => {
  await sandbox?.close();
  removeGuardedFolder(folder);
});

const app = {
  dependencies: [
    { name: 'db', kind: 'Database', spec: smallDatabase },
    { name: 'files', kind: 'Bucket', spec: { onDelete: 'empty' } },
    { name: 'keys', kind: 'Secret', spec: { generate: [{ key: 'salt' }] } },
    { name: 'gateway', kind: 'Gateway', spec: { domain: 'example', routes: [{ service: 'web', port: 80 }] } },
  ],
  components: [
    webComponent('web', [
      variable('DB_HOST', 'db.host'),
      variable('DB_PASSWORD', 'db.password'),
      variable('BUCKET', 'files.name'),
      variable('SALT', 'keys.salt'),
    ]),
  ],
};

test('one deploy brings account, network, cluster, services and dependencies, and one delete takes them away in reverse', async (t) => {
  t.timeout(240_000);
  const rig = await createGraphRig(t, await startTestServer(t), sandbox);
  await rig.apply([
    { kind: 'KubernetesRuntimeDefinition', name: 'small', spec: { defaults: { nodes: 2, nodeSize: 'small' } } },
    { kind: 'Environment', name: 'dev', spec: { runtimeDefinition: 'small', location: 'europe-frankfurt' } },
    { kind: 'DomainName', name: 'example', spec: { zone: 'example.com' } },
  ]);
  const before = await rig.resources();
  rig.start();
  const id = await rig.deploy('shop', app);
  const seen = await rig.becomes(id, 'Healthy');
  t.is(seen.outputs.url, 'http://gateway.example.com');

  const brought = (await rig.resources()).filter((name) => !before.includes(name));
  for (const name of [
    'KubernetesRuntime/dev',
    'CloudCluster/dev',
    'Network/dev',
    'NodeGroup/dev',
    'SupportService/dev-gateway',
    'Database/db',
    'Bucket/files',
    'Secret/keys',
    'Gateway/gateway',
    'Workload/web',
  ]) {
    t.true(brought.includes(name), name);
  }
  const [deployment] = (await rig.objects('Deployment')).filter(
    ({ metadata }) => (metadata as { name: string }).name === 'web',
  );
  t.regex(JSON.stringify(deployment), /"name":"DB_HOST","value":"[^"{]+"/);
  t.notRegex(JSON.stringify(deployment), /\$output|\$from|\$secret/);

  const up = await rig.log();
  const order = [
    'CloudAccount/sandbox',
    'Network/dev',
    'CloudCluster/dev',
    'NodeGroup/dev',
    'KubernetesRuntime/dev',
    'Workload/web',
    'AppInstance/shop',
  ];
  const firstHealthy = order.map((name) => up.indexOf(`Healthy ${name}`));
  t.false(firstHealthy.includes(-1), JSON.stringify(order.map((name, index) => [name, firstHealthy[index]])));
  t.deepEqual(
    firstHealthy,
    [...firstHealthy].sort((a, b) => a - b),
  );

  await rig.remove('AppInstance', 'shop');
  await rig.isGone(id);
  for (const name of ['KubernetesRuntime', 'CloudCluster', 'Network', 'NodeGroup', 'SupportService']) {
    const [left] = (await rig.sdk.ListResources({ filter: { kinds: [name] }, first: 10 })).resources.nodes;
    if (left) await rig.isGone(left.id);
  }
  t.deepEqual(
    (await rig.resources()).filter((name) => name !== 'App/shop'),
    before,
  );
  const cloud = await rig.control.cloudResources({});
  t.deepEqual(
    cloud.map(({ type }) => type).filter((type) => type !== 'zone'),
    [],
  );
  t.deepEqual(await rig.objects('Deployment'), []);

  const down = (await rig.log()).slice(up.length);
  const gone = [
    'Workload/web',
    'Database/db',
    'AppInstance/shop',
    'KubernetesRuntime/dev',
    'CloudCluster/dev',
    'Network/dev',
  ];
  const removed = gone.map((name) => down.findIndex((line) => line.endsWith(` ${name}`) && line.startsWith('removed')));
  t.false(removed.includes(-1), down.filter((line) => line.startsWith('removed')).join('\n'));
  t.deepEqual(
    removed,
    [...removed].sort((a, b) => a - b),
  );
});
