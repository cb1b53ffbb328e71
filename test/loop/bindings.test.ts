import test from 'ava';
import { type Sandbox, startSandbox } from '../../drivers/sandbox/start.js';
import type { JsonObject } from '../../lib/canonical.js';
import { silentLog } from '../../lib/log.js';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { smallDatabase, variable, webComponent } from './dependent-apps.js';
import { createGraphRig, type GraphRig } from './graph-rig.js';

const folder = createGuardedFolder('portolan-bindings-');
let sandbox: Sandbox;

test.before(async () => {
  sandbox = await startSandbox({ folder, seed: 1, log: silentLog, isFast: true });
});
test.after.always(async () => {
  await sandbox?.close();
  removeGuardedFolder(folder);
});

const patience = { timeoutMs: 60_000, everyMs: 100 };
const sharedOf = (name: string, kind: string) => ({ name, kind, shared: { kind, name, scope: 'environment' } });

test.serial(
  'a Terraform output goes into a value of a chart and into a variable of another app, and rolls both when it changes',
  async (t) => {
    t.timeout(180_000);
    const rig = await given(t);
    const stack = (size: string) => ({
      kind: 'TerraformStack',
      name: 'settings',
      spec: { module: 'echo', variables: { size } },
    });
    await rig.apply([stack('small')]);
    const dependencies = [sharedOf('settings', 'TerraformStack')];
    const charted = await rig.deploy('charted', {
      dependencies,
      components: [
        {
          name: 'config',
          type: 'helm',
          chart: { name: 'config' },
          bindings: [{ from: 'settings', values: [{ path: 'size', output: 'size' }] }],
        },
      ],
    });
    const other = await rig.deploy('other', {
      dependencies,
      components: [webComponent('other', [variable('SIZE', 'settings.size')])],
    });
    await rig.becomes(charted, 'Healthy');
    await rig.becomes(other, 'Healthy');
    t.is((await objectOf(rig, 'ConfigMap', 'config')).data?.size, 'small');
    const before = await podTemplate(rig, 'other');

    await rig.apply([stack('large')]);
    await eventually(async () => {
      const { data } = await objectOf(rig, 'ConfigMap', 'config');
      if (data?.size !== 'large') throw new Error(JSON.stringify(data));
    }, patience);
    await eventually(async () => {
      const after = await podTemplate(rig, 'other');
      if (after === before) throw new Error('The pods were not rolled.');
    }, patience);
    await rig.becomes(other, 'Healthy');
  },
);

test.serial('when a database is replaced its endpoint changes, and exactly its consumers roll', async (t) => {
  t.timeout(180_000);
  const rig = await given(t);
  const [db = ''] = await rig.apply([{ kind: 'Database', name: 'db', spec: { ...smallDatabase, replace: true } }]);
  const consumer = (name: string) => ({
    dependencies: [sharedOf('db', 'Database')],
    components: [webComponent(name, [variable('HOST', 'db.host'), variable('PASSWORD', 'db.password')])],
  });
  const ids = [await rig.deploy('shop', consumer('shop')), await rig.deploy('reports', consumer('reports'))];
  ids.push(await rig.deploy('alone', { components: [webComponent('alone')] }));
  for (const id of ids) await rig.becomes(id, 'Healthy');
  const host = String((await rig.becomes(db, 'Healthy')).outputs.host);
  const names = ['shop', 'reports', 'alone'];
  const before = await Promise.all(names.map((name) => podTemplate(rig, name)));
  t.regex(before[0] ?? '', new RegExp(host.replaceAll('.', '\\.')));

  await rig.apply([{ kind: 'Database', name: 'db', spec: { ...smallDatabase, engine: 'mysql', replace: true } }]);
  const replaced = await eventually(async () => {
    const seen = await rig.becomes(db, 'Healthy');
    if (seen.outputs.host === host) throw new Error('It is still the old one.');
    return String(seen.outputs.host);
  }, patience);
  await eventually(async () => {
    const after = await Promise.all(names.map((name) => podTemplate(rig, name)));
    if (!after[0]?.includes(replaced) || !after[1]?.includes(replaced)) throw new Error(`They did not roll: ${after}`);
    if (after[2] !== before[2]) throw new Error('The one that does not use it was rolled.');
  }, patience);
  for (const id of ids) await rig.becomes(id, 'Healthy');
});

test.serial('an output that its producer gives no more keeps its last value and degrades who uses it', async (t) => {
  t.timeout(180_000);
  const rig = await given(t);
  const stack = (variables: JsonObject) => ({
    kind: 'TerraformStack',
    name: 'settings',
    spec: { module: 'echo', variables },
  });
  await rig.apply([stack({ size: 'small', color: 'blue' })]);
  const app = {
    dependencies: [sharedOf('settings', 'TerraformStack')],
    components: [webComponent('web', [variable('COLOR', 'settings.color')])],
  };
  const id = await rig.deploy('shop', app);
  await rig.becomes(id, 'Healthy');
  const before = await podTemplate(rig, 'web');
  await rig.apply([stack({ size: 'small' })]);
  t.regex((await rig.says(id, /gives its output color no more/)).message, /the last value is kept/);
  t.is((await rig.becomes(id, 'Degraded')).reason, 'OutputVanished');
  t.is(await podTemplate(rig, 'web'), before);
  await rig.apply([stack({ size: 'small', color: 'red' })]);
  await eventually(async () => {
    if ((await podTemplate(rig, 'web')) === before) throw new Error('The pods were not rolled.');
  }, patience);
  await rig.becomes(id, 'Healthy');
});

test.serial(
  'an app that moves to another runtime goes there whole, and who depends on it follows, with no address written down',
  async (t) => {
    t.timeout(180_000);
    const rig = await given(t);
    const [, two = ''] = await rig.apply([
      { kind: 'Tier', name: 'any', spec: { order: 1 } },
      { kind: 'KubernetesRuntime', name: 'two', spec: { provider: 'sandbox' } },
    ]);
    const gateway = { name: 'gateway', kind: 'Gateway', spec: { routes: [{ service: 'catalog', port: 80 }] } };
    const catalog = { dependencies: [gateway], components: [webComponent('catalog')] };
    const shop = {
      dependencies: [{ name: 'catalog', kind: 'AppInstance' }],
      components: [webComponent('shop', [variable('CATALOG', 'catalog.url')])],
    };
    const moving = await rig.deploy('catalog', catalog);
    const following = await rig.deploy('shop', shop);
    await rig.becomes(following, 'Healthy');
    const url = String((await rig.becomes(moving, 'Healthy')).outputs.url);
    t.true((await podTemplate(rig, 'shop')).includes(url));

    await rig.apply([{ kind: 'AppInstance', name: 'catalog', spec: { app: 'catalog', runtime: 'two' } }]);
    const places = async () =>
      (await rig.control.objects({ kind: 'Deployment' }))
        .filter(({ object }) => object.metadata.name === 'catalog')
        .map(({ cluster }) => cluster);
    await eventually(async () => {
      const found = await places();
      if (found.join() !== two) throw new Error(`It is on ${found}.`);
    }, patience);
    // The simulated clusters may give the same address twice; what counts is that the shop has the one of now.
    const moved = String((await rig.becomes(moving, 'Healthy')).outputs.url);
    await eventually(async () => {
      if (!(await podTemplate(rig, 'shop')).includes(moved)) throw new Error('The shop did not follow.');
    }, patience);
    await rig.becomes(following, 'Healthy');
  },
);

async function given(t: Parameters<typeof createGraphRig>[0]): Promise<GraphRig> {
  const rig = await createGraphRig(t, await startTestServer(t), sandbox);
  await rig.apply([
    { kind: 'KubernetesRuntime', name: 'one', spec: { provider: 'sandbox', default: true } },
    { kind: 'Environment', name: 'dev', spec: {} },
  ]);
  rig.start();
  t.teardown(async () => {
    const { resources } = await rig.sdk.ListResources({ filter: { kinds: ['AppInstance'] }, first: 100 });
    await rig.apply(resources.nodes.map(({ name }) => ({ op: 'DELETE', kind: 'AppInstance', name })));
    for (const { id } of resources.nodes) await rig.isGone(id);
  });
  return rig;
}

type SeenObject = JsonObject & {
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
};

async function objectOf(rig: GraphRig, kind: string, name: string): Promise<SeenObject> {
  const found = (await rig.objects(kind)) as readonly SeenObject[];
  const object = found.find(({ metadata }) => metadata.name === name);
  if (object) return object;
  throw new Error(`There is no ${kind} ${name}: ${found.map(({ metadata }) => metadata.name)}`);
}

/** What its pods are made from, and what the Secret that they read holds, as text. */
async function podTemplate(rig: GraphRig, name: string): Promise<string> {
  const deployment = await objectOf(rig, 'Deployment', name);
  return JSON.stringify((deployment.spec as { template: JsonObject }).template);
}
