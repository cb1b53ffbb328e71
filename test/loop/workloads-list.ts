import { randomBytes } from 'node:crypto';
import type { ExecutionContext, TestFn } from 'ava';
import type { KubernetesObject, ObjectKey } from '../../drivers/kubernetes/driver.js';
import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { component, given } from './applying-objects.js';
import { brokenImage, shop, shopObjects } from './apps.js';
import { createRig, type Instance, type Rig } from './rig.js';
import type { LoopWorld } from './world.js';

/** What must hold of workloads, their namespaces, labels, health and lists, whatever the cluster is. */
export function declareWorkloadsList(test: TestFn, world: () => LoopWorld): void {
  const createOwn = async (t: ExecutionContext): Promise<Rig> => createRig(t, await startTestServer(t), world());

  test.serial('keeps one namespace and one of everything when creation breaks off and is tried again', async (t) => {
    const rig = await createOwn(t);
    const broken = new Map<string, number>();
    rig.start({
      failpoint(name, id) {
        const times = broken.get(`${name} ${id}`) ?? 0;
        if (!/^(before|after)(Apply|Prepare)$/.test(name) || times === 1) return;
        broken.set(`${name} ${id}`, times + 1);
        throw new Error(`It breaks off at ${name}.`);
      },
    });
    const instance = await rig.deploy(shop());
    await rig.becomes(instance.id, 'Healthy');
    t.true(broken.size >= 6, [...broken.keys()].join());
    t.deepEqual(await rig.made(instance), shopObjects(instance.namespace));
    const all = await world().readAll(rig.runtimeId);
    const namespaces = all.filter(({ kind, metadata }) => kind === 'Namespace' && isOf(metadata, instance));
    t.deepEqual(
      namespaces.map(({ metadata }) => metadata.name),
      [instance.namespace],
    );
  });

  test.serial(
    'an app of ConfigMaps alone becomes healthy, and goes although nothing ever happened to it',
    async (t) => {
      const rig = await createOwn(t);
      rig.start();
      const instance = await rig.deploy(component(given.configMap('a'), given.configMap('b')));
      await rig.becomes(instance.id, 'Healthy');
      await rig.remove(instance);
      await rig.isGone(instance);
      t.is(await namespaceOf(rig, instance), null);
    },
  );

  test.serial(
    'what is deleted before anything was made of it is gone, and can be made again by its name',
    async (t) => {
      const rig = await createOwn(t);
      const first = await rig.deploy(shop());
      await rig.remove(first);
      rig.start();
      await rig.isGone(first);
      const second = await rig.deploy(shop());
      t.not(second.id, first.id);
      await rig.becomes(second.id, 'Healthy');
      t.deepEqual(await rig.made(second), shopObjects(second.namespace));
      await rig.remove(second);
      await rig.isGone(second);
      const third = await rig.deploy(shop());
      await rig.becomes(third.id, 'Healthy');
      t.not(third.namespace, second.namespace);
    },
  );

  test.serial('lists more than fifty objects, and the last of them counts for the health', async (t) => {
    const rig = await createOwn(t);
    rig.start();
    const maps = Array.from({ length: 60 }, (_, index) => given.configMap(`map-${String(index).padStart(2, '0')}`));
    const release = (image: string) => rig.deploy(component(...maps, given.deployment('zebra', 1, image)));
    const instance = await release(brokenImage);
    t.is((await rig.becomes(instance.id, 'Degraded')).reason, 'ImagePullFailed');
    const listed = await rig.inventory(instance);
    t.deepEqual(listed, [
      ...maps.map(({ metadata }) => `ConfigMap/${metadata.name}`),
      'Deployment/zebra',
      `Namespace/${instance.namespace}`,
    ]);
    await release('example.com/web:1');
    await rig.becomes(instance.id, 'Healthy');
  });

  test.serial('a runtime with an app on it does not go, and nothing of the app is touched', async (t) => {
    const rig = await createOwn(t);
    rig.start();
    const instance = await rig.deploy(shop());
    await rig.becomes(instance.id, 'Healthy');
    const before = await rig.uids(instance);
    const remove = () =>
      rig.sdk.Apply({ input: { edits: [{ op: 'DELETE', kind: 'KubernetesRuntime', name: 'target' }] } });
    await t.throwsAsync(remove(), { message: /KubernetesRuntime .*target.* cannot be deleted: .*shop/ });
    t.is((await rig.health(rig.runtimeId)).health, 'Healthy');
    t.deepEqual(await rig.uids(instance), before);
    await rig.remove(instance);
    await rig.isGone(instance);
    await remove();
    await rig.becomes(rig.runtimeId, 'gone');
  });

  test.serial('what a later release adds is labelled, and put back when a hand deletes it', async (t) => {
    const rig = await createOwn(t);
    rig.start();
    const instance = await rig.deploy(component(given.configMap('first')));
    await rig.becomes(instance.id, 'Healthy');
    await rig.deploy(component(given.configMap('first'), given.configMap('second')));
    const key = keyOf(instance, 'ConfigMap', 'second');
    const added = await until(rig, key, () => true);
    t.is(added.metadata.labels?.['portolan.dev/instance'], instance.id);
    t.is(added.metadata.labels?.['app.kubernetes.io/managed-by'], 'portolan');
    await rig.becomes(instance.id, 'Healthy');
    await world().deleteByHand(rig.runtimeId, key);
    await until(rig, key, ({ metadata }) => metadata.uid !== added.metadata.uid);
  });

  test.serial('pods of every kind that makes pods carry the labels of their app', async (t) => {
    const rig = await createOwn(t);
    rig.start();
    const pods = (image = 'example.com/web:1') => ({
      metadata: { labels: { app: 'x', 'app.kubernetes.io/name': 'mine' } },
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] },
    });
    const lasting = {
      selector: { matchLabels: { app: 'x' } },
      template: { ...pods(), spec: { ...pods().spec, restartPolicy: 'Always' } },
    };
    const kinds = [
      { apiVersion: 'apps/v1', kind: 'Deployment', spec: lasting },
      { apiVersion: 'apps/v1', kind: 'StatefulSet', spec: { ...lasting, serviceName: 'x' } },
      { apiVersion: 'apps/v1', kind: 'DaemonSet', spec: lasting },
      { apiVersion: 'batch/v1', kind: 'Job', spec: { template: pods() } },
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template: pods() } } },
      },
    ];
    const objects = kinds.map((kind) => ({ ...kind, metadata: { name: kind.kind.toLowerCase() } }));
    const instance = await rig.deploy([{ name: 'web', type: 'manifests', objects }]);
    await rig.becomes(instance.id, 'Healthy');
    for (const { apiVersion, kind, metadata } of objects) {
      const live = await rig.driver.get(
        { ...keyOf(instance, kind, metadata.name), apiVersion },
        AbortSignal.timeout(60_000),
      );
      const spec = kind === 'CronJob' ? at(live?.spec, 'jobTemplate', 'spec') : live?.spec;
      const labels = at(spec, 'template', 'metadata', 'labels') as JsonObject;
      t.is(labels['portolan.dev/instance'], instance.id, kind);
      t.is(labels['portolan.dev/component'], 'web', kind);
      t.is(labels['app.kubernetes.io/name'], 'mine', `${kind} keeps the labels that a person gave`);
    }
  });

  test.serial('a DaemonSet and a StatefulSet count for the health as a Deployment does', async (t) => {
    const rig = await createOwn(t);
    rig.start();
    const set = (kind: string, image: string) => ({
      ...given.deployment(kind.toLowerCase(), null, image),
      kind,
      ...(kind === 'StatefulSet' && {
        spec: { ...(given.deployment('statefulset', 1, image).spec as object), serviceName: 'x' },
      }),
    });
    for (const kind of ['DaemonSet', 'StatefulSet']) {
      const app = kind.toLowerCase();
      const instance = await rig.deploy(component(set(kind, brokenImage) as KubernetesObject), { app });
      const seen = await rig.becomes(instance.id, 'Degraded');
      t.true(seen.message.includes(brokenImage), seen.message);
      await rig.remove(instance);
      await rig.isGone(instance);
    }
  });

  test.serial('a field that another program set outlives a new release', async (t) => {
    const rig = await createOwn(t);
    rig.start();
    const instance = await rig.deploy(shop());
    await rig.becomes(instance.id, 'Healthy');
    const key = { ...keyOf(instance, 'Deployment', 'web'), apiVersion: 'apps/v1' };
    const theirs = { metadata: { annotations: { 'example.com/owner': 'sea' } }, spec: { minReadySeconds: 1 } };
    await world().editByHand(rig.runtimeId, key, theirs);
    await rig.deploy(shop('example.com/web:2'));
    const live = await until(rig, key, (object) => JSON.stringify(object.spec).includes('web:2'));
    t.is(live.metadata.annotations?.['example.com/owner'], 'sea');
    t.is(at(live.spec, 'minReadySeconds'), 1);
    await rig.becomes(instance.id, 'Healthy');
  });

  test.serial('a namespace that an app brings is not shared with a second instance, which says so', async (t) => {
    const rig = await createOwn(t);
    rig.start();
    const name = `harbour-${randomBytes(4).toString('hex')}`;
    const first = await rig.deploy(component(given.namespace(name), given.configMap('settings')), { app: 'first' });
    await rig.becomes(first.id, 'Healthy');
    const before = await rig.uids(first);
    const second = await rig.deploy(component(given.namespace(name), given.configMap('other')), { app: 'second' });
    const seen = await rig.becomes(second.id, 'Degraded');
    t.true(seen.message.includes(name), seen.message);
    t.deepEqual(await rig.made(second), []);
    await rig.remove(second);
    await rig.isGone(second);
    t.deepEqual(await rig.uids(first), before);
    await rig.becomes(first.id, 'Healthy');
  });

  test.serial('an app of which one object cannot be is refused whole', async (t) => {
    const rig = await createOwn(t);
    const nameless = { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} };
    const components = [...component(given.configMap('good')), { name: 'bad', type: 'manifests', objects: [nameless] }];
    await t.throwsAsync(rig.deploy(components), { message: /name/ });
    const { resources } = await rig.sdk.ListResources({ filter: { kinds: ['App', 'AppInstance', 'Workload'] } });
    t.deepEqual(resources.nodes, []);
  });

  test.serial('what a hand does is seen as well after the connection to the cluster broke', async (t) => {
    const rig = await createOwn(t);
    rig.start();
    const instance = await rig.deploy(component(given.configMap('settings')));
    await rig.becomes(instance.id, 'Healthy');
    const key = keyOf(instance, 'ConfigMap', 'settings');
    for (let round = 1; round <= 2; round++) {
      await world().goAway(rig.runtimeId);
      await rig.becomes(rig.runtimeId, 'Unknown');
      await world().comeBack(rig.runtimeId);
      await rig.becomes(rig.runtimeId, 'Healthy');
      const before = await until(rig, key, () => true);
      await world().deleteByHand(rig.runtimeId, key);
      const after = await until(rig, key, ({ metadata }) => metadata.uid !== before.metadata.uid);
      t.deepEqual(after.data, before.data, `round ${round}`);
    }
    await rig.becomes(instance.id, 'Healthy');
  });

  test.serial(
    'an event of the cluster is counted as the cluster counts it, also by the next controllers',
    async (t) => {
      const rig = await createOwn(t);
      const first = rig.start();
      const instance = await rig.deploy(shop());
      await rig.becomes(instance.id, 'Healthy');
      const counted = () => eventsOf(rig, instance);
      const before = await eventually(
        async () => {
          const events = await counted();
          if (!events.some((event) => event.startsWith('ScalingReplicaSet'))) throw new Error(events.join());
          return events;
        },
        { timeoutMs: world().patienceMs, everyMs: 100 },
      );
      await first.close();
      rig.start();
      // Something that happens after the restart comes after all that is told again.
      await rig.deploy(shop('example.com/web:2'));
      const after = await eventually(
        async () => {
          const events = await counted();
          if (events.filter((event) => event.startsWith('ScalingReplicaSet')).length < 2)
            throw new Error(events.join());
          return events;
        },
        { timeoutMs: world().patienceMs, everyMs: 100 },
      );
      for (const event of before) t.true(after.includes(event), `${event} is not among ${after.join('; ')}`);
      t.is(new Set(after).size, after.length);
    },
  );
}

/** What the cluster told of the Deployment and what belongs to it, with its counts. */
async function eventsOf(rig: Rig, { id }: Instance): Promise<readonly string[]> {
  const filter = { resourceId: id, withChildren: true };
  const { events } = await rig.sdk.ListEvents({ filter, first: 100 });
  const ofCluster = events.nodes.filter(({ source }) => source === 'kubernetes');
  return ofCluster.map(({ reason, object, message, count }) => `${reason} ${object} ${message} ${count}`);
}

function keyOf({ namespace }: Instance, kind: string, name: string): ObjectKey {
  return { apiVersion: 'v1', kind, namespace, name };
}

async function until(rig: Rig, key: ObjectKey, isSo: (object: KubernetesObject) => boolean): Promise<KubernetesObject> {
  return eventually(
    async () => {
      const object = await rig.driver.get(key, AbortSignal.timeout(60_000));
      if (!object || !isSo(object)) throw new Error(`${key.kind}/${key.name} is ${JSON.stringify(object)}`);
      return object;
    },
    { timeoutMs: 60_000 },
  );
}

function namespaceOf(rig: Rig, { namespace }: Instance): Promise<KubernetesObject | null> {
  const key = { apiVersion: 'v1', kind: 'Namespace', namespace: null, name: namespace };
  return rig.driver.get(key, AbortSignal.timeout(60_000));
}

const isOf = (metadata: { readonly labels?: Readonly<Record<string, string>> }, { id }: Instance) =>
  metadata.labels?.['portolan.dev/instance'] === id;

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((found, step) => (isJsonObject(found) ? found[step] : undefined), value);
}
