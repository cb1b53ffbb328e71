import { randomBytes } from 'node:crypto';
import type { ExecutionContext, TestFn } from 'ava';
import { createCluster } from '../../controllers/cluster/cluster.js';
import { outsideLabels } from '../../controllers/marks.js';
import type { KubernetesDriver, KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { createSeededRandom } from '../../lib/random.js';
import { make } from '../drivers/make.js';
import { absent, configMaps, equal, keyOf, patience, signal, truthy, type } from '../drivers/steps.js';
import { eventually } from '../helpers/eventually.js';

/** What must hold of the views of a cluster, whatever it is. `open` gives a driver, which is closed with the test. */
export function declareClusterList(test: TestFn, open: (t: ExecutionContext) => Promise<KubernetesDriver>): void {
  test('finds the pods of an app instance by their label, also when it changes', async (t) => {
    const { cluster, driver, put, namespace, id } = await given(t, await open(t));
    const [one, two] = [id('one'), id('two')];
    await put(pod(namespace, 'a', one));
    await put(pod(namespace, 'b', one));
    await put(pod(namespace, 'c', two));
    const names = async (instanceId: string) =>
      (await cluster.pods(instanceId, signal))
        .map(({ metadata }) => metadata.name)
        .sort()
        .join();
    t.is(await names(one), 'a,b');
    t.is(await names(two), 'c');
    t.is(await names(id('three')), '');

    await put(pod(namespace, 'b', two));
    await eventually(async () => equal(await names(two), 'b,c'), patience);
    t.is(await names(one), 'a');
    const gone = await driver.get(podKey(namespace, 'a'), signal);
    await driver.delete(podKey(namespace, 'a'), { uid: gone?.metadata.uid ?? '', signal });
    await eventually(async () => equal(await names(one), ''), patience);
  });

  test('keeps who wrote which field of what we apply, and not of what the cluster makes of it', async (t) => {
    const { cluster, put, namespace, id } = await given(t, await open(t));
    const labels = { [outsideLabels.instanceId]: id('one') };
    const { metadata, spec, ...rest } = make.deployment(namespace, 'web');
    const { template, ...others } = spec as { template: KubernetesObject };
    const labelled = { ...template, metadata: { labels: { ...template.metadata.labels, ...labels } } };
    await put({ ...rest, metadata: { ...metadata, labels }, spec: { ...others, template: labelled } });
    const [found] = await eventually(async () => {
      const pods = await cluster.pods(id('one'), signal);
      equal(pods.length, 1);
      return pods;
    }, patience);
    t.truthy(found?.metadata.ownerReferences);
    t.is(found?.metadata.managedFields, undefined);
    const view = await cluster.view(type('apps/v1', 'Deployment', 'deployments', true), signal);
    t.true(Array.isArray(view.get({ namespace, name: 'web' })?.metadata.managedFields));
  });

  test('wakes whoever waits for a kind when its definition appears, and nobody else', async (t) => {
    const { cluster, driver, put, woken, definition, kind } = await given(t, await open(t));
    cluster.need('waits', [kind, configMaps]);
    cluster.need('other', [configMaps]);
    await cluster.view(configMaps, signal);
    t.is(await driver.resolve(kind.apiVersion, kind.kind, signal), null);
    // A definition that is there before the first list has ended wakes nobody: who waits for it is about to ask.
    await eventually(async () => {
      await put({ ...definition, metadata: { ...definition.metadata, annotations: { at: String(Date.now()) } } });
      truthy(woken.includes('waits'));
    }, patience);
    t.false(woken.includes('other'));
    await eventually(async () => truthy(await driver.resolve(kind.apiVersion, kind.kind, signal)), patience);
  });

  test('does not believe what it held of a kind whose definition is another one by now', async (t) => {
    const { cluster, driver, put, definition, kind, namespace, id } = await given(t, await open(t));
    const port = (name: string): KubernetesObject => ({
      ...kind,
      metadata: { name, namespace, labels: { [outsideLabels.instanceId]: id('w') } },
      spec: { depth: 7 },
    });
    const made = await put(definition);
    await eventually(() => put(port('ostend')), patience);
    cluster.need('w', [kind]);
    const names = async () => {
      const type = await driver.resolve(kind.apiVersion, kind.kind, signal);
      if (!type) throw new Error('It is not served.');
      return (await cluster.view(type, signal))
        .list()
        .map(({ metadata }) => metadata.name)
        .join();
    };
    // A kind that the API server just takes up may be refused with 429 for a moment, though an object of it was taken.
    await eventually(async () => equal(await names(), 'ostend'), patience);
    await driver.delete(keyOf(definition), { uid: made.metadata.uid ?? '', signal });
    await absent(driver, keyOf(definition));
    await put(definition);
    await eventually(() => put(port('antwerp')), patience);
    await eventually(async () => equal(await names(), 'antwerp'), patience);
    t.pass();
  });
}

async function given(t: ExecutionContext, driver: KubernetesDriver) {
  const suffix = randomBytes(4).toString('hex');
  const woken: string[] = [];
  const cluster = createCluster({
    driver,
    clock: systemClock,
    log: silentLog,
    random: createSeededRandom(7),
    onChange() {},
    onLookAgain: (id) => void woken.push(id),
    recordEvents: async () => {},
  });
  t.teardown(() => cluster.close());
  const put = (object: KubernetesObject) => driver.apply(object, { force: true, signal });
  const namespace = `views-${suffix}`;
  await put(make.namespace(namespace));
  // Of everything but the test's own objects there are others on a cluster that is shared.
  const id = (name: string) => `${name}-${suffix}`;
  const group = `sea-${suffix}.example.test`;
  const definition = make.definition(group);
  t.teardown(async () => {
    const left = await driver.get(keyOf(definition), signal);
    if (left?.metadata.uid) await driver.delete(keyOf(definition), { uid: left.metadata.uid, signal });
  });
  return { cluster, driver, woken, put, namespace, id, definition, kind: { apiVersion: `${group}/v1`, kind: 'Port' } };
}

function podKey(namespace: string, name: string) {
  return { apiVersion: 'v1', kind: 'Pod', namespace, name };
}

function pod(namespace: string, name: string, instanceId: string): KubernetesObject {
  const metadata = { name, namespace, labels: { [outsideLabels.instanceId]: instanceId } };
  const spec = {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image: 'example.test/web:1' }],
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}
