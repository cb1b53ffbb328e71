import test from 'ava';
import { type Sandbox, startSandbox } from '../../drivers/sandbox/start.js';
import { silentLog } from '../../lib/log.js';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { startTestServer } from '../helpers/server.js';
import { brokenImage } from './apps.js';
import { smallDatabase, variable, webComponent } from './dependent-apps.js';
import { createGraphRig } from './graph-rig.js';

const folder = createGuardedFolder('portolan-chain-');
let sandbox: Sandbox;

test.before(async () => {
  sandbox = await startSandbox({ folder, seed: 1, log: silentLog, isFast: true });
});
test.after.always(async () => {
  await sandbox?.close();
  removeGuardedFolder(folder);
});

const database = { dependencies: [{ name: 'db', kind: 'Database', spec: smallDatabase }] };
const base = { ...database, components: [webComponent('base', [variable('DB', 'db.host')])] };
const dependsOn = (name: string, on: string) => ({
  dependencies: [{ name: on, kind: 'AppInstance' }],
  components: [webComponent(name, [variable('URL', `${on}.url`)])],
});

test('three apps in a chain over two runtimes and a database start in order, and go in reverse', async (t) => {
  t.timeout(240_000);
  const rig = await createGraphRig(t, await startTestServer(t), sandbox);
  await rig.apply([
    { kind: 'KubernetesRuntime', name: 'one', spec: { provider: 'sandbox' } },
    { kind: 'KubernetesRuntime', name: 'two', spec: { provider: 'sandbox' } },
    { kind: 'Environment', name: 'dev', spec: {} },
  ]);
  rig.start();
  // In one changeset, the dependent first: what is needed is looked up when all of it is there.
  const names = ['front', 'catalog', 'base', 'broken', 'waiting'];
  const ids = await rig.apply([
    { kind: 'App', name: 'front', spec: dependsOn('front', 'catalog') },
    { kind: 'App', name: 'catalog', spec: dependsOn('catalog', 'base') },
    { kind: 'App', name: 'base', spec: base },
    { kind: 'App', name: 'broken', spec: { components: [broken()] } },
    { kind: 'App', name: 'waiting', spec: dependsOn('waiting', 'broken') },
    ...names.map((app) => ({
      kind: 'AppInstance',
      name: app,
      spec: { app, runtime: app === 'catalog' ? 'two' : 'one' },
    })),
  ]);
  const [front = '', catalog = '', first = '', failing = '', blocked = ''] = ids.slice(names.length);
  await rig.becomes(front, 'Healthy');
  await rig.becomes(failing, 'Degraded');
  t.regex((await rig.says(blocked, /AppInstance broken/)).message, /AppInstance broken/);

  const up = await rig.log();
  const started = ['Database/db', 'AppInstance/base', 'AppInstance/catalog', 'AppInstance/front'].map((name) =>
    up.indexOf(`Healthy ${name}`),
  );
  t.false(started.includes(-1), JSON.stringify(started));
  t.deepEqual(
    started,
    started.toSorted((a, b) => a - b),
  );

  const refused = await t.throwsAsync(rig.remove('AppInstance', 'base'));
  t.regex(refused?.message ?? '', /AppInstance catalog/);
  await rig.apply(names.map((name) => ({ op: 'DELETE', kind: 'AppInstance', name })));
  for (const id of [front, catalog, first, failing, blocked]) await rig.isGone(id);
  const down = (await rig.log()).slice(up.length);
  const gone = ['Workload/front', 'Workload/catalog', 'Workload/base', 'Database/db', 'AppInstance/base'].map((name) =>
    down.indexOf(`removed ${name}`),
  );
  t.false(gone.includes(-1), down.join('\n'));
  t.deepEqual(
    gone,
    gone.toSorted((a, b) => a - b),
  );
  t.deepEqual(await rig.objects('Deployment'), []);
});

test('apps that depend on each other in a circle are refused with the circle, and nothing is written', async (t) => {
  const rig = await createGraphRig(t, await startTestServer(t), sandbox);
  await rig.apply([
    { kind: 'KubernetesRuntime', name: 'one', spec: { provider: 'sandbox' } },
    { kind: 'Environment', name: 'dev', spec: { runtime: 'one' } },
  ]);
  const before = await rig.resources();
  const circle = rig.apply([
    { kind: 'App', name: 'a', spec: dependsOn('a', 'b') },
    { kind: 'App', name: 'b', spec: dependsOn('b', 'a') },
    { kind: 'AppInstance', name: 'a', spec: { app: 'a' } },
    { kind: 'AppInstance', name: 'b', spec: { app: 'b' } },
  ]);
  const error = await t.throwsAsync(circle);
  t.regex(
    error?.message ?? '',
    /AppInstance a -> Workload a -> AppInstance b -> Workload b -> AppInstance a|AppInstance b -> Workload b -> AppInstance a -> Workload a -> AppInstance b/,
  );
  t.deepEqual(await rig.resources(), before);
});

function broken() {
  return JSON.parse(JSON.stringify(webComponent('broken')).replace('example.com/web:1', brokenImage));
}
