import test from 'ava';
import { type Cluster, createCluster } from '../../../../controllers/cluster/cluster.js';
import type { Clusters } from '../../../../controllers/cluster/clusters.js';
import { createWorkloadReconciler } from '../../../../controllers/workload/controller.js';
import { createWorkloadProbe } from '../../../../controllers/workload/probe/probe.js';
import type { PlannedStep } from '../../../../controllers/workload/probe/probe-plan.js';
import type { WorkloadSpec } from '../../../../controllers/workload/render.js';
import { fastDelays } from '../../../../drivers/sandbox/delays.js';
import { createInMemoryDriver } from '../../../../drivers/sandbox/driver.js';
import { createSandboxHelmDriver } from '../../../../drivers/sandbox/helm/driver.js';
import { createSandboxWorld } from '../../../../drivers/sandbox/world.js';
import { createWorldControl } from '../../../../drivers/sandbox/world-control.js';
import type { Json } from '../../../../lib/canonical.js';
import { systemClock } from '../../../../lib/clock.js';
import { silentLog } from '../../../../lib/log.js';
import { createSeededRandom } from '../../../../lib/random.js';
import { eventually } from '../../../helpers/eventually.js';
import { createMemoryResourceClient } from '../../../helpers/memory-resource-client.js';
import { make, runtimeId, workloadId } from '../../make.js';

const signal = new AbortController().signal;
const lease = { key: 'k', holder: 'h', epoch: 1, deadlineMs: Number.POSITIVE_INFINITY };
const shared = { clock: systemClock, log: silentLog };

/** A workload on a simulated cluster: passes are asked for, and so are questions. */
function createRig() {
  const random = createSeededRandom(1);
  const world = createSandboxWorld({ clock: systemClock, random, delays: fastDelays });
  const client = createMemoryResourceClient<WorkloadSpec>('Workload');
  const driver = createInMemoryDriver(world, runtimeId);
  const cluster: Cluster = createCluster({
    ...shared,
    driver,
    random,
    onChange() {},
    onLookAgain() {},
    recordEvents: async () => {},
  });
  const clusters: Clusters = {
    get: async () => cluster,
    refresh: async () => cluster,
    setAway() {},
    drop: async () => {},
    follow() {},
    unfollow() {},
    loads: () => new Map(),
    tokenLifetime: () => null,
    renew() {},
    wakeFollowers() {},
    close: async () => {},
  };
  const reconciler = createWorkloadReconciler({ client, clusters, helm: createSandboxHelmDriver() });
  const probe = createWorkloadProbe({ client, clusters, helm: createSandboxHelmDriver() });
  const ask = async (question: string, input: Json): Promise<readonly Json[]> => {
    const workload = await client.get(workloadId);
    if (!workload) throw new Error('There is no workload.');
    const chunks: Json[] = [];
    for await (const chunk of probe(workload, { question, input }, { ...shared, lease, signal, leaseSignal: signal })) {
      chunks.push(chunk);
    }
    return chunks;
  };
  return {
    client,
    driver,
    control: createWorldControl(world),
    ask,
    /** `ACTION Kind/name why`, with what is uncheckable. */
    async plan(objects?: readonly object[], policy?: object): Promise<readonly PlannedStep[]> {
      const input = { ...(objects && { objects }), ...(policy && { policy }) } as unknown as Json;
      const chunks = (await ask('plan', input)) as unknown as readonly { steps: readonly PlannedStep[] }[];
      return chunks.flatMap(({ steps }) => steps);
    },
    async settle() {
      await eventually(
        async () => {
          await reconciler.reconcile(workloadId, { ...shared, lease, signal, event() {} }).catch(() => {});
          const { health } = client.peek(workloadId)?.status ?? { health: 'gone' };
          if (health !== 'Healthy') throw new Error(`It is ${health}.`);
        },
        { timeoutMs: 10_000 },
      );
    },
    /** All that is stored, so that a write would show. */
    versions: () =>
      [...world.cluster(runtimeId).store.all()]
        .map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`)
        .sort(),
    async close() {
      await cluster.close();
      world.close();
    },
  };
}

const place = 'shop-1111111111';
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: place } };
const secret = (value: unknown) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'db' },
  stringData: { password: value },
});
const reference = (version: number) => ({ $secret: { id: 'secret-1', version } });
const job = (image: string) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate' },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } } },
});
const all = [namespace, make.configMap(), secret(reference(1)), make.deployment(), job('example.com/migrate:1')];

async function deployed() {
  const rig = createRig();
  rig.client.secrets = [{ id: 'secret-1', version: 1, name: null, value: 'hunter2' }];
  rig.client.put(make.workload({ objects: all as never }));
  await rig.settle();
  return rig;
}

const short = ({ object, action }: PlannedStep) => `${action} ${object.replace(`${place}/`, '')}`;

test('before anything is there, what comes in an earlier step is said to be why the rest cannot be checked', async (t) => {
  const rig = createRig();
  rig.client.put(make.workload({ objects: [namespace, make.configMap(), secret(reference(1))] as never }));
  const before = rig.versions();
  const steps = await rig.plan();
  t.deepEqual(steps.map(short), ['CREATE Namespace/shop-1111111111', 'CREATE ConfigMap/settings', 'CREATE Secret/db']);
  t.is(steps[0]?.uncheckable, null);
  t.regex(steps[1]?.uncheckable ?? '', /namespace shop-1111111111 is not there yet/);
  t.deepEqual(rig.versions(), before);
  await rig.close();
});

test('what is as desired stays as it is', async (t) => {
  const rig = await deployed();
  const before = rig.versions();
  const steps = await rig.plan();
  t.true(
    steps.every(({ action }) => action === 'NONE'),
    JSON.stringify(steps),
  );
  t.is(steps.length, all.length);
  t.deepEqual(rig.versions(), before);
  await rig.close();
});

test('a change is said field by field, with what is made, replaced, refused and no longer wanted', async (t) => {
  const rig = await deployed();
  await rig.driver.apply(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'theirs', namespace: place } },
    { force: false, signal },
  );
  const before = rig.versions();
  const steps = await rig.plan([
    namespace,
    make.deployment('web', 'example.com/web:2'),
    job('example.com/migrate:2'),
    make.configMap('fresh'),
    make.configMap('theirs'),
    { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } },
    secret('canary'),
  ]);
  t.deepEqual(steps.map(short), [
    'NONE Namespace/shop-1111111111',
    'UPDATE Deployment/web',
    'REPLACE Job/migrate',
    'CREATE ConfigMap/fresh',
    'BLOCKED ConfigMap/theirs',
    'UPDATE Secret/db',
    'CREATE Widget/w',
    'DELETE ConfigMap/settings',
  ]);
  const of = (name: string) => steps.find((step) => short(step).endsWith(name));
  const path = 'spec.template.spec.containers[name=main].image';
  t.deepEqual(of('Deployment/web')?.differences, [
    { path, desired: 'example.com/web:2', live: 'example.com/web:1', manager: null, at: null },
  ]);
  t.like(of('Job/migrate')?.differences[0], { path, desired: 'example.com/migrate:2', live: 'example.com/migrate:1' });
  t.like(of('Secret/db')?.differences[0], { path: 'data.password', desired: '(hidden)', live: '(hidden)' });
  t.regex(of('Widget/w')?.uncheckable ?? '', /does not serve Widget/);
  t.notRegex(JSON.stringify(steps), /canary|hunter2|Y2FuYXJ5|aHVudGVyMg/);
  t.deepEqual(rig.versions(), before, 'nothing is written');
  await rig.close();
});

test('another version of a secret is a change, although its value is not released for a plan', async (t) => {
  const rig = await deployed();
  rig.client.secrets = [];
  const [step] = await rig.plan([secret(reference(2))]);
  t.is(step?.action, 'UPDATE');
  t.like(step?.differences[0], { path: 'data.password', desired: '(hidden)', live: '(hidden)' });
  const [same] = await rig.plan([secret(reference(1))]);
  t.is(same?.action, 'NONE');
  await rig.close();
});

test('what a hand changed is put back, or by policy left so', async (t) => {
  const rig = await deployed();
  const key = { apiVersion: 'v1', kind: 'ConfigMap', namespace: place, name: 'settings' };
  await rig.control.editByHand(runtimeId, key, { data: { color: 'red' } });
  const stepOf = async (policy?: object) => {
    const objects = [
      namespace,
      make.configMap(),
      secret(reference(1)),
      make.deployment(),
      job('example.com/migrate:1'),
    ];
    const find = async () => (await rig.plan(objects, policy)).find((step) => step.object.startsWith('ConfigMap/'));
    return eventually(
      async () => {
        const step = await find();
        if (step?.differences.length !== 1) throw new Error('It is not seen yet.');
        return step;
      },
      { timeoutMs: 5000 },
    );
  };
  t.like(await stepOf(), { action: 'UPDATE', why: 'It was changed by kubectl-edit, and is put back.' });
  t.like(await stepOf({ drift: 'report' }), {
    action: 'NONE',
    why: 'It was changed by kubectl-edit, and is left so by policy.',
  });
  await rig.close();
});

test('a live object is shown with what differs, and without secret values', async (t) => {
  const rig = await deployed();
  const key = { apiVersion: 'v1', kind: 'Secret', namespace: place, name: 'db' };
  await rig.control.editByHand(runtimeId, key, { data: { password: 'Y2FuYXJ5', more: 'Y2FuYXJ5' } });
  const [answer] = await rig.ask('live', { group: '', kind: 'Secret', namespace: place, name: 'db' });
  t.like(answer, {
    manifest: { kind: 'Secret', data: { password: '(hidden)', more: '(hidden)' } },
    differences: [{ path: 'data.password', desired: '(hidden)', live: '(hidden)', manager: 'kubectl-edit' }],
  });
  t.notRegex(JSON.stringify(answer), /Y2FuYXJ5|canary|managedFields/);
  await t.throwsAsync(rig.ask('live', { kind: 'ConfigMap', namespace: 'kube-system', name: 'x' }), {
    message: 'ConfigMap/kube-system/x is no object of the workload.',
  });
  await rig.control.deleteByHand(runtimeId, { ...key, kind: 'ConfigMap', name: 'settings' });
  const [gone] = await rig.ask('live', { kind: 'ConfigMap', namespace: place, name: 'settings' });
  t.like(gone, { manifest: null, differences: [{ path: '', live: null }] });
  await rig.close();
});

test('a question that a workload does not answer is refused in words', async (t) => {
  const rig = await deployed();
  await t.throwsAsync(rig.ask('weather', {}), { message: 'A Workload answers logs, live and plan, and not weather.' });
  await rig.close();
});
