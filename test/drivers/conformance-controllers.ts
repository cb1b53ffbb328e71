import type { TestFn } from 'ava';
import type { KubernetesDriver, KubernetesObject, ObjectKey } from '../../drivers/kubernetes/driver.js';
import { NamespaceTerminatingError } from '../../drivers/kubernetes/errors.js';
import { conditionOf } from '../../drivers/kubernetes/object-fields.js';
import { eventually } from '../helpers/eventually.js';
import { call, mergePatch } from './call.js';
import type { Given } from './conformance.js';
import { make } from './make.js';
import { absent, apply, equal, healthy, keyOf, patience, signal, truthy, type } from './steps.js';

/** What the controllers of a cluster do by themselves, as far as Portolan relies on it. */
export function registerControllers(test: TestFn, given: Given): void {
  test('a namespace that cannot go says what is left in it, and whose finalizers hold that', async (t) => {
    const { driver, transport, namespace } = await given(t);
    const held = (name: string, ...finalizers: string[]) => {
      const chart = make.configMap(namespace, name, {});
      return apply(driver, { ...chart, metadata: { ...chart.metadata, finalizers } });
    };
    await held('a', 'example.test/hold');
    await held('b', 'example.test/hold', 'example.test/other');
    await apply(driver, { ...secret, metadata: { ...secret.metadata, namespace } });
    const key: ObjectKey = { apiVersion: 'v1', kind: 'Namespace', namespace: null, name: namespace };
    const { metadata } = await here(driver, key);
    await driver.delete(key, { uid: metadata.uid ?? '', signal });
    const going = await eventually(async () => {
      const live = await here(driver, key);
      equal(conditionOf(live, 'NamespaceFinalizersRemaining')?.status, 'True');
      equal(conditionOf(live, 'NamespaceContentRemaining')?.message, remaining);
      return live;
    }, patience);
    t.is((going.status as { phase?: string }).phase, 'Terminating');
    t.like(conditionOf(going, 'NamespaceContentRemaining'), { status: 'True', reason: 'SomeResourcesRemain' });
    t.like(conditionOf(going, 'NamespaceFinalizersRemaining'), { reason: 'SomeFinalizersRemain', message: holding });
    t.like(conditionOf(going, 'NamespaceDeletionContentFailure'), { status: 'False', reason: 'ContentDeleted' });
    await t.throwsAsync(apply(driver, make.configMap(namespace, 'late', {})), {
      instanceOf: NamespaceTerminatingError,
      message: /unable to create new content in namespace \S+ because it is being terminated$/,
    });
    const free = { contentType: mergePatch, body: { metadata: { finalizers: null } } };
    for (const name of ['a', 'b']) {
      await call(transport, 'PATCH', `/api/v1/namespaces/${namespace}/configmaps/${name}`, free);
    }
    await absent(driver, key);
  });

  test('removes what is owned by a namespace, and has none itself', async (t) => {
    const { driver, namespace } = await given(t);
    const key: ObjectKey = { apiVersion: 'v1', kind: 'Namespace', namespace: null, name: namespace };
    const { metadata } = await here(driver, key);
    const owner = { apiVersion: 'v1', kind: 'Namespace', name: namespace, uid: metadata.uid ?? '' };
    const role = await apply(driver, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: `of-${namespace}`, ownerReferences: [owner] },
      rules: [],
    });
    await driver.delete(key, { uid: owner.uid, signal });
    await absent(driver, key);
    await absent(driver, keyOf(role));
    t.pass();
  });

  test('keeps or removes the claims of a StatefulSet as it says', async (t) => {
    const { driver, namespace } = await given(t);
    const policy = { whenDeleted: 'Delete', whenScaled: 'Delete' };
    const retained = make.statefulSet(namespace, 'kept', 1);
    const removed = make.statefulSet(namespace, 'gone', 2);
    const withPolicy = (replicas: number) => ({
      ...removed,
      spec: { ...(removed.spec as object), replicas, persistentVolumeClaimRetentionPolicy: policy },
    });
    await apply(driver, retained);
    await apply(driver, withPolicy(2));
    await healthy(driver, keyOf(retained));
    await healthy(driver, keyOf(removed));
    t.deepEqual(await claimsIn(driver, namespace), ['data-gone-0', 'data-gone-1', 'data-kept-0']);

    await apply(driver, withPolicy(1));
    await eventually(
      async () => equal((await claimsIn(driver, namespace)).join(), 'data-gone-0,data-kept-0'),
      patience,
    );
    for (const set of [retained, removed]) {
      const { metadata } = await here(driver, keyOf(set));
      await driver.delete(keyOf(set), { uid: metadata.uid ?? '', signal });
      await absent(driver, keyOf(set));
    }
    await eventually(async () => equal((await claimsIn(driver, namespace)).join(), 'data-kept-0'), patience);
    t.pass();
  });

  test('keeps a claim that is deleted until no pod uses it', async (t) => {
    const { driver, namespace } = await given(t);
    const store = make.statefulSet(namespace, 'store', 1);
    await healthy(driver, keyOf(await apply(driver, store)));
    const key = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: 'data-store-0' };
    const { metadata } = await here(driver, key);
    t.deepEqual(metadata.finalizers, ['kubernetes.io/pvc-protection']);
    await driver.delete(key, { uid: metadata.uid ?? '', signal });
    t.truthy((await here(driver, key)).metadata.deletionTimestamp);
    const set = await here(driver, keyOf(store));
    await driver.delete(keyOf(store), { uid: set.metadata.uid ?? '', signal });
    await absent(driver, key);
  });

  test('gives a name to what has only the beginning of one', async (t) => {
    const { transport, namespace } = await given(t);
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'chart-' } };
    const made = await call<KubernetesObject>(transport, 'POST', `/api/v1/namespaces/${namespace}/configmaps`, {
      body,
    });
    t.regex(made.metadata.name, /^chart-[a-z0-9]{5}$/);
    t.is(made.metadata.generateName, 'chart-');
  });

  test('lists the addresses of the pods behind a Service', async (t) => {
    const { driver, namespace } = await given(t);
    const spec = { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] };
    await apply(driver, { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace }, spec });
    await healthy(driver, keyOf(await apply(driver, make.deployment(namespace, 'web', { replicas: 2 }))));
    const slices = type('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices', true);
    const slice = await eventually(async () => {
      const selector = 'kubernetes.io/service-name=web';
      const { objects } = await driver.list(slices, { selector, namespace, signal });
      const endpoints = objects.flatMap((each) => (each as Slice).endpoints ?? []);
      equal(endpoints.filter(({ conditions }) => conditions.ready).length, 2);
      return objects[0] as Slice;
    }, patience);
    t.like(slice, { addressType: 'IPv4' });
    t.like(slice.ports?.[0], { name: 'http', port: 8080, protocol: 'TCP' });
    t.is(new Set(slice.endpoints?.map(({ targetRef }) => targetRef.name)).size, 2);
    t.is(slice.metadata.ownerReferences?.[0]?.name, 'web');
  });

  test('says that a Deployment no longer gets on, once its time is over', async (t) => {
    const { driver, namespace } = await given(t);
    const web = make.deployment(namespace, 'web', { image: 'example.test/never-ready:1' });
    await apply(driver, { ...web, spec: { ...(web.spec as object), progressDeadlineSeconds: 2 } });
    const condition = await eventually(async () => {
      const progressing = conditionOf(await here(driver, keyOf(web)), 'Progressing');
      equal(progressing?.reason, 'ProgressDeadlineExceeded');
      return progressing;
    }, patience);
    t.is(condition?.status, 'False');
    t.regex(condition?.message ?? '', /^ReplicaSet "web-\w+" has timed out progressing\.$/);
  });

  test('removes a Job some time after it is over', async (t) => {
    const { driver, namespace } = await given(t);
    const job = make.job(namespace, 'migrate');
    await apply(driver, { ...job, spec: { ...(job.spec as object), ttlSecondsAfterFinished: 3 } });
    await eventually(async () => truthy(conditionOf(await here(driver, keyOf(job)), 'Complete')), patience);
    await absent(driver, keyOf(job));
    t.pass();
  });
}

interface Slice extends KubernetesObject {
  readonly endpoints?: readonly {
    readonly conditions: { readonly ready: boolean };
    readonly targetRef: { name: string };
  }[];
  readonly ports?: readonly object[];
}

const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' }, data: {} };

const remaining = 'Some resources are remaining: configmaps. has 2 resource instances';
const holding =
  'Some content in the namespace has finalizers remaining: example.test/hold in 2 resource instances, example.test/other in 1 resource instances';

async function here(driver: KubernetesDriver, key: ObjectKey): Promise<KubernetesObject> {
  const object = await driver.get(key, signal);
  if (!object) throw new Error(`${key.kind} ${key.name} is not there`);
  return object;
}

async function claimsIn(driver: KubernetesDriver, namespace: string): Promise<readonly string[]> {
  const claims = type('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', true);
  const { objects } = await driver.list(claims, { selector: '', namespace, signal });
  return objects.map(({ metadata }) => metadata.name).sort();
}
