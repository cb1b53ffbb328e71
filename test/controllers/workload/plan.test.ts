import test from 'ava';
import { withMarks } from '../../../controllers/marks.js';
import { keyOf, keyOfObject } from '../../../controllers/workload/object-name.js';
import type { WorkloadObservation } from '../../../controllers/workload/observation.js';
import { planWorkload } from '../../../controllers/workload/plan.js';
import { planPrune, planRemoval } from '../../../controllers/workload/plan-removal.js';
import type { Refusal } from '../../../controllers/workload/refusal.js';
import { renderWorkload, type ScopeOf, type Workload } from '../../../controllers/workload/render.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import type { ObjectView } from '../../../sdk/resource.js';
import { make, runtimeId, workloadId } from '../make.js';

const scopes: ScopeOf = (_apiVersion, kind) =>
  kind === 'Unknown' ? null : !['Namespace', 'CustomResourceDefinition'].includes(kind);

interface Seen {
  readonly live?: readonly KubernetesObject[];
  readonly rows?: readonly ObjectView[];
  readonly accepted?: Readonly<Record<string, string>>;
  readonly refused?: Readonly<Record<string, Partial<Refusal>>>;
}

const refusedOnce: Refusal = {
  hash: '',
  uid: null,
  health: { health: 'Degraded', reason: 'ObjectFailed', message: 'no' },
  immutable: null,
};

function observe(workload: Workload, { live = [], rows = [], accepted = {}, refused = {} }: Seen): WorkloadObservation {
  return {
    runtimeId,
    rendered: renderWorkload(workload, scopes),
    live: new Map(live.map((object) => [keyOfObject(object), object])),
    inventory: new Map(rows.map((row) => [keyOf(row), row])),
    accepted: new Map(Object.entries(accepted)),
    refused: new Map(Object.entries(refused).map(([key, refusal]) => [key, { ...refusedOnce, ...refusal }])),
    health: new Map(),
  };
}

/** As the API server holds the first object of the workload after we applied it. */
function applied(
  workload: Workload,
  change: (object: KubernetesObject) => KubernetesObject = (o) => o,
  generation = 1,
) {
  const [desired] = renderWorkload(workload, scopes).objects;
  if (!desired) throw new Error('The workload has no object.');
  const marked = withMarks(desired.object, { resourceId: workload.id, generation, renderHash: desired.hash });
  const metadata = { ...marked.metadata, uid: 'uid-1', resourceVersion: '5' };
  return change({ ...marked, apiVersion: desired.object.apiVersion, kind: desired.object.kind, metadata });
}

const namespace: KubernetesObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const withObjects = (...objects: readonly KubernetesObject[]) => make.workload({ objects: objects as never });

const steps: readonly {
  readonly title: string;
  readonly workload: Workload;
  readonly seen: (workload: Workload) => Seen;
  readonly actions: readonly string[];
  readonly obstacles?: readonly string[];
}[] = [
  {
    title: 'creates what is not there, namespaces first',
    workload: withObjects(make.configMap(), namespace),
    seen: () => ({}),
    actions: ['create Namespace/shop', 'create ConfigMap/shop-1111111111/settings'],
  },
  {
    title: 'tries what was refused after the others',
    workload: withObjects(make.configMap(), make.configMap('other')),
    seen: () => ({ refused: { '/ConfigMap/shop-1111111111/settings': {} } }),
    actions: ['create ConfigMap/shop-1111111111/other', 'create ConfigMap/shop-1111111111/settings'],
  },
  {
    title: 'does nothing about an object that is as it was applied',
    workload: withObjects(make.configMap()),
    seen: (workload) => ({ live: [applied(workload)] }),
    actions: [],
  },
  {
    title: 'does nothing about defaults, other fields and other ways of writing a quantity',
    workload: withObjects({
      ...make.deployment(),
      spec: { resources: { cpu: '1000m', memory: '1Gi' }, empty: {}, ports: [{ port: 80 }] },
    }),
    seen: (workload) => ({
      live: [
        applied(workload, (object) => ({
          ...object,
          spec: { resources: { cpu: '1', memory: '1024Mi' }, ports: [{ port: 80, protocol: 'TCP' }], added: true },
          status: {},
        })),
      ],
    }),
    actions: [],
  },
  {
    title: 'updates an object whose render changed',
    workload: withObjects(make.configMap()),
    seen: () => ({ live: [applied(withObjects(make.configMap('settings', { color: 'red' })))] }),
    actions: ['render ConfigMap/shop-1111111111/settings'],
  },
  {
    title: 'puts back what somebody changed by hand',
    workload: withObjects(make.configMap()),
    seen: (workload) => ({ live: [applied(workload, (object) => ({ ...object, data: { color: 'red' } }))] }),
    actions: ['drift ConfigMap/shop-1111111111/settings'],
  },
  {
    title: 'puts back marks that somebody took off',
    workload: withObjects(make.configMap()),
    seen: (workload) => ({
      live: [
        applied(
          workload,
          ({ metadata: { annotations: _, ...metadata }, ...object }) => ({ ...object, metadata }) as KubernetesObject,
        ),
      ],
      rows: [make.row({ uid: 'uid-1' })],
    }),
    actions: ['render ConfigMap/shop-1111111111/settings'],
  },
  {
    title: 'leaves replicas to whoever scales',
    workload: withObjects(make.deployment()),
    seen: (workload) => ({
      live: [
        applied(workload, (object) => ({
          ...object,
          metadata: { ...object.metadata, managedFields: [{ manager: 'hpa', subresource: 'scale' }] },
          spec: { ...(object.spec as object), replicas: 5 },
        })),
      ],
    }),
    actions: [],
  },
  {
    title: 'refuses an object that somebody else made',
    workload: withObjects(make.configMap()),
    seen: () => ({
      live: [{ ...make.configMap(), metadata: { name: 'settings', namespace: 'shop-1111111111', uid: 'x' } }],
    }),
    actions: [],
    obstacles: ['foreign'],
  },
  {
    title: 'refuses an object that somebody else made, although it intended to make one of that name',
    workload: withObjects(make.configMap()),
    seen: () => ({
      live: [{ ...make.configMap(), metadata: { name: 'settings', namespace: 'shop-1111111111', uid: 'x' } }],
      rows: [make.row({ state: 'intended', uid: null })],
    }),
    actions: [],
    obstacles: ['foreign'],
  },
  {
    title: 'adopts a namespace that was there before',
    workload: withObjects(namespace),
    seen: () => ({ live: [{ ...namespace, metadata: { name: 'shop', uid: 'x' } }] }),
    actions: ['adopt Namespace/shop'],
  },
  {
    title: 'writes nothing into an adopted namespace of which nothing is stated',
    workload: withObjects(namespace),
    seen: () => ({
      live: [{ ...namespace, metadata: { name: 'shop', uid: 'x' } }],
      rows: [make.row({ kind: 'Namespace', namespace: '', name: 'shop', origin: 'adopted', uid: 'x' })],
    }),
    actions: [],
  },
  {
    title: 'waits for an object that is being deleted',
    workload: withObjects(make.configMap()),
    seen: (workload) => ({
      live: [
        applied(workload, (object) => ({ ...object, metadata: { ...object.metadata, deletionTimestamp: 'now' } })),
      ],
    }),
    actions: [],
    obstacles: ['terminating'],
  },
  {
    title: 'lets an object wait whose kind is not served',
    workload: withObjects({ apiVersion: 'example.com/v1', kind: 'Unknown', metadata: { name: 'x' } }, make.configMap()),
    seen: () => ({}),
    actions: ['create ConfigMap/shop-1111111111/settings'],
    obstacles: ['unserved'],
  },
];

for (const { title, workload, seen, actions, obstacles = [] } of steps) {
  test(title, (t) => {
    const plan = planWorkload(workload, observe(workload, seen(workload)));
    t.deepEqual(
      plan.actions.map((action) => `${action.type === 'apply' ? action.why : action.type} ${action.desired.title}`),
      actions,
    );
    t.deepEqual(
      plan.obstacles.map(({ type }) => type),
      obstacles,
    );
  });
}

const job: KubernetesObject = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate' },
  spec: { template: { spec: { containers: [{ name: 'main', image: 'example.com/migrate:2' }] } } },
};
const claims: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db' },
  spec: { replicas: 2, serviceName: 'new', volumeClaimTemplates: [{ metadata: { name: 'data' } }] },
};
const before = (object: KubernetesObject, spec: object) =>
  ({ ...object, spec: { ...(object.spec as object), ...spec } }) as KubernetesObject;

for (const { title, policy, desired, was, fields, step } of [
  {
    title: 'replaces a Job whose template cannot be changed',
    policy: undefined,
    desired: job,
    was: before(job, { template: {} }),
    fields: ['spec.template'],
    step: 'replace: spec.template cannot be changed in the Job that is there, so it is deleted and made again.',
  },
  {
    title: 'keeps a Job when the policy lists no kinds, and names the way out',
    policy: { replace: [] },
    desired: job,
    was: before(job, { template: {} }),
    fields: ['spec.template'],
    step: 'immutable: spec.template cannot be changed in the Job that is there. Change the field back, give yours another name, or list Job in policy.replace, and it is deleted and made again.',
  },
  {
    title: 'keeps a Deployment by default',
    policy: undefined,
    desired: make.deployment(),
    was: make.deployment(),
    fields: ['spec.selector'],
    step: /^immutable: spec\.selector cannot be changed in the Deployment that is there\..* list Deployment in policy\.replace/,
  },
  {
    title: 'replaces a Deployment when the policy lists it',
    policy: { replace: ['Deployment'] },
    desired: make.deployment(),
    was: make.deployment(),
    fields: ['spec.selector'],
    step: /^replace: /,
  },
  {
    title: 'never replaces a StatefulSet, names its field, and says how to make it anew around its data',
    policy: { replace: ['StatefulSet'] },
    desired: claims,
    was: before(claims, { replicas: 1, serviceName: 'old' }),
    fields: ['spec'],
    step: /^immutable: spec\.serviceName cannot be changed .* it holds data\..* kubectl delete statefulset db --namespace shop-1111111111 --cascade=orphan$/,
  },
  {
    title: 'never replaces a claim',
    policy: { replace: ['PersistentVolumeClaim'] },
    desired: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: {} },
    was: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: {} },
    fields: ['spec'],
    step: /^immutable: /,
  },
] as const) {
  test(title, (t) => {
    const workload = make.workload({ objects: [desired] as never, ...(policy && { policy: policy as never }) });
    const older = make.workload({ objects: [was] as never });
    const live = applied(older, (object) => ({ ...object, metadata: { ...object.metadata, generation: 1 } }));
    const [rendered] = renderWorkload(workload, scopes).objects;
    const refused = { [rendered?.key ?? '']: { immutable: [...fields] } };
    const plan = planWorkload(workload, observe(workload, { live: [live], refused }));
    const said = [...plan.actions, ...plan.obstacles].map(
      (each) => `${each.type}: ${'message' in each && each.message}`,
    );
    if (typeof step === 'string') t.deepEqual(said, [step]);
    else t.regex(said.join('|'), step);
  });
}

test('makes again at once what is gone, although it could not be changed', (t) => {
  const workload = withObjects(job);
  const [rendered] = renderWorkload(workload, scopes).objects;
  const refused = { [rendered?.key ?? '']: { immutable: ['spec.template'] } };
  const plan = planWorkload(workload, observe(workload, { refused }));
  t.deepEqual(
    plan.actions.map((action) => action.type === 'apply' && action.why),
    ['create'],
  );
});

const definition: KubernetesObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: { group: 'example.com', names: { kind: 'Widget' }, scope: 'Namespaced', versions: [{ name: 'v1' }] },
};
const widget: KubernetesObject = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } };

test('makes a resource once its definition, of the same workload, is established', (t) => {
  const workload = withObjects(definition, widget);
  const established = (status: string) =>
    applied(workload, (object) => ({ ...object, status: { conditions: [{ type: 'Established', status }] } }));
  const waiting = planWorkload(workload, observe(workload, { live: [established('False')] }));
  t.deepEqual(
    waiting.obstacles.map(({ message }) => message),
    ['It waits until CustomResourceDefinition/widgets.example.com is established.'],
  );
  t.is(waiting.actions.length, 0);
  const after = planWorkload(workload, observe(workload, { live: [established('True')] }));
  t.is(after.actions.length, 1);
});

test('stops when an object was written at a newer generation than it knows', (t) => {
  const workload = withObjects(make.configMap());
  const observation = observe(workload, { live: [applied(workload, undefined, 2)] });
  t.throws(() => planWorkload(workload, observation), {
    message: /generation 2, and this pass knows only generation 1/,
  });
});

test('keeps the generation of the render when it only corrects', (t) => {
  const workload = { ...withObjects(make.configMap()), generation: 9 };
  const live = applied(workload, (object) => ({ ...object, data: {} }), 4);
  const [action] = planWorkload(workload, observe(workload, { live: [live] })).actions;
  t.is(action?.type === 'apply' && action.generation, 4);
});

const old = (metadata: Partial<KubernetesObject['metadata']> = {}) =>
  withMarks(
    { ...make.configMap('old'), metadata: { name: 'old', namespace: 'shop-1111111111', uid: 'uid-old', ...metadata } },
    { resourceId: workloadId, generation: 1, renderHash: 'x' },
  ) as KubernetesObject;

const oldRow = make.row({ name: 'old', uid: 'uid-old' });

test('prunes what it made and is no longer desired', (t) => {
  const workload = withObjects(make.configMap());
  const prunes = planPrune(
    workload,
    observe(workload, { live: [applied(workload), old()], rows: [make.row(), oldRow] }),
  );
  t.deepEqual(
    prunes.map(({ type, title }) => `${type} ${title}`),
    ['delete ConfigMap/shop-1111111111/old'],
  );
});

for (const { title, live, rows } of [
  { title: 'that is not in the inventory', live: old(), rows: [] },
  { title: 'that was adopted', live: old(), rows: [{ ...oldRow, origin: 'adopted' as const }] },
  {
    title: 'that a controller owns',
    live: old({ ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'u', controller: true }] }),
    rows: [oldRow],
  },
  {
    title: "that is somebody else's by now",
    live: { ...make.configMap('old'), metadata: { name: 'old', namespace: 'shop-1111111111', uid: 'other' } },
    rows: [oldRow],
  },
]) {
  test(`never prunes an object ${title}`, (t) => {
    const workload = withObjects(make.configMap());
    t.deepEqual(planPrune(workload, observe(workload, { live: [live], rows })), []);
  });
}

test('never prunes what is desired while its kind is not served', (t) => {
  const unserved: KubernetesObject = { apiVersion: 'example.com/v1', kind: 'Unknown', metadata: { name: 'w' } };
  const workload = withObjects(unserved);
  const row = make.row({ group: 'example.com', kind: 'Unknown', name: 'w', uid: 'uid-w' });
  const live = withMarks(
    { ...unserved, metadata: { name: 'w', namespace: 'shop-1111111111', uid: 'uid-w' } },
    { resourceId: workloadId, generation: 1, renderHash: 'x' },
  ) as KubernetesObject;
  t.deepEqual(planPrune(workload, observe(workload, { live: [live], rows: [row] })), []);
});

test('removes in the opposite order, and the namespace when nothing else is left', (t) => {
  const workload = withObjects(namespace, make.configMap());
  const mine = (object: KubernetesObject, uid: string) =>
    withMarks(
      { ...object, metadata: { ...object.metadata, uid } },
      { resourceId: workloadId, generation: 1, renderHash: 'x' },
    ) as KubernetesObject;
  const space = mine(namespace, 'uid-n');
  const map = mine({ ...make.configMap(), metadata: { name: 'settings', namespace: 'shop-1111111111' } }, 'uid-1');
  const rows = [make.row({ kind: 'Namespace', namespace: '', name: 'shop', uid: 'uid-n' }), make.row()];
  const titles = (live: readonly KubernetesObject[]) =>
    planRemoval(workload, observe(workload, { live, rows })).map(({ type, title }) => `${type} ${title}`);
  t.deepEqual(titles([space, map]), ['delete ConfigMap/shop-1111111111/settings']);
  t.deepEqual(titles([space]), ['delete Namespace/shop']);
  t.deepEqual(titles([]), []);
});

test('waits for what is being deleted, and names the finalizers that keep it', (t) => {
  const workload = withObjects(make.configMap());
  const live = applied(workload, (object) => ({
    ...object,
    metadata: { ...object.metadata, deletionTimestamp: 'now', finalizers: ['example.com/keep'] },
  }));
  const [action] = planRemoval(workload, observe(workload, { live: [live], rows: [make.row()] }));
  t.is(action?.type, 'await');
  t.is(action?.message, 'ConfigMap/shop-1111111111/settings is being deleted (finalizers example.com/keep).');
});

test('an adopted namespace is not removed', (t) => {
  const workload = withObjects(namespace);
  const live = { ...namespace, metadata: { name: 'shop', uid: 'x' } };
  const rows = [make.row({ kind: 'Namespace', namespace: '', name: 'shop', uid: 'x', origin: 'adopted' })];
  t.deepEqual(planRemoval(workload, observe(workload, { live: [live], rows })), []);
});
