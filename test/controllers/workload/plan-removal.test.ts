import test from 'ava';
import { withMarks } from '../../../controllers/marks.js';
import { inventoryAfter } from '../../../controllers/workload/inventory.js';
import { planPrune, planRemoval } from '../../../controllers/workload/plan-removal.js';
import { renderWorkload } from '../../../controllers/workload/render.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { make, workloadId } from '../make.js';
import { applied, namespace, observe, scopes, withObjects } from './seen.js';

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
  t.is(
    action?.message,
    `ConfigMap/shop-1111111111/settings is being deleted. The finalizer example.com/keep keeps it: the controller that set it has to remove it. If that controller is gone, it can be taken off by hand: kubectl patch configmap settings --namespace shop-1111111111 --type merge --patch '{"metadata":{"finalizers":null}}'`,
  );
});

test('an adopted namespace is not removed', (t) => {
  const workload = withObjects(namespace);
  const live = { ...namespace, metadata: { name: 'shop', uid: 'x' } };
  const rows = [make.row({ kind: 'Namespace', namespace: '', name: 'shop', uid: 'x', origin: 'adopted' })];
  t.deepEqual(planRemoval(workload, observe(workload, { live: [live], rows })), []);
});

const mine = (object: KubernetesObject, uid: string) =>
  withMarks(
    { ...object, metadata: { ...object.metadata, uid } },
    { resourceId: workloadId, generation: 1, renderHash: 'x' },
  ) as KubernetesObject;

test('what a controller has to clean up goes before that controller, and both before what they run on', (t) => {
  const place = { namespace: 'shop-1111111111' };
  const objects = [
    mine({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a', ...place } }, 'uid-a'),
    mine({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'b', ...place } }, 'uid-b'),
    mine({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'c', ...place } }, 'uid-c'),
    mine({ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: 'd' } }, 'uid-d'),
  ];
  const rows = objects.map((object) => {
    const [group = ''] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : [''];
    const { name, namespace: of = '', uid = null } = object.metadata;
    return make.row({ group, kind: object.kind, namespace: of, name, uid });
  });
  const workload = withObjects();
  const order: string[] = [];
  for (let live = objects; live.length > 0; ) {
    const [action] = planRemoval(workload, observe(workload, { live, rows }));
    if (!action) break;
    order.push(`${action.type} ${action.title}`);
    live = live.filter((object) => object !== action.live);
  }
  t.deepEqual(order, [
    'delete APIService/d',
    'delete Widget/shop-1111111111/c',
    'delete Deployment/shop-1111111111/b',
    'delete ServiceAccount/shop-1111111111/a',
  ]);
});

test('neither prunes nor removes what a pass of a newer generation wrote', (t) => {
  const workload = withObjects(make.configMap());
  const newer = withMarks(old(), { resourceId: workloadId, generation: 2, renderHash: 'x' }) as KubernetesObject;
  const observation = observe(workload, { live: [newer], rows: [oldRow] });
  for (const plan of [planPrune, planRemoval]) {
    t.throws(() => plan(workload, observation), { message: /generation 2, and this pass knows only generation 1/ });
  }
});

const definition = mine(
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: { group: 'example.com', names: { plural: 'widgets', kind: 'Widget' } },
  },
  'uid-crd',
);
const definitionRow = make.row({
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  namespace: '',
  name: 'widgets.example.com',
  uid: 'uid-crd',
});
const definitionKey = 'apiextensions.k8s.io/CustomResourceDefinition//widgets.example.com';

test('a definition is kept while there are objects of it, which are named with the way out', (t) => {
  const workload = withObjects();
  const users = { [definitionKey]: ['Widget/theirs/a', 'Widget/theirs/b'] };
  const seen = { live: [definition], rows: [definitionRow], users };
  for (const plan of [planPrune, planRemoval]) {
    const [action] = plan(workload, observe(workload, seen));
    t.is(action?.type, 'blocked');
    t.is(
      action?.message,
      'CustomResourceDefinition/widgets.example.com is kept, for it would take these objects, which are not its own: Widget/theirs/a, Widget/theirs/b. Delete them or move them elsewhere, and it goes by itself. To see them: kubectl get widgets.example.com --all-namespaces',
    );
  }
  const [free] = planRemoval(workload, observe(workload, { ...seen, users: {} }));
  t.is(free?.type, 'delete');
});

const claim = mine(
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace: 'shop-1111111111' } },
  'uid-claim',
);
const claimRow = make.row({ kind: 'PersistentVolumeClaim', name: 'data', uid: 'uid-claim' });
const space = mine(namespace, 'uid-space');
const spaceRow = make.row({ kind: 'Namespace', namespace: '', name: 'shop', uid: 'uid-space' });

for (const { title, claims, live, row, users, expected } of [
  {
    title: 'claims are kept when policy retains them',
    claims: 'retain',
    live: claim,
    row: claimRow,
    users: {},
    expected: 'release',
  },
  {
    title: 'claims go when policy says nothing',
    claims: undefined,
    live: claim,
    row: claimRow,
    users: {},
    expected: 'delete',
  },
  {
    title: 'claims go when policy deletes them',
    claims: 'delete',
    live: claim,
    row: claimRow,
    users: {},
    expected: 'delete',
  },
  {
    title: 'a namespace is kept with the claims that policy retains in it',
    claims: 'retain',
    live: space,
    row: spaceRow,
    users: { '/Namespace//shop': ['PersistentVolumeClaim/shop/data'] },
    expected: 'release',
  },
  {
    title: 'a namespace without claims goes whatever policy says',
    claims: 'retain',
    live: space,
    row: spaceRow,
    users: {},
    expected: 'delete',
  },
] as const) {
  test(title, (t) => {
    const workload = make.workload({ objects: [], ...(claims && { policy: { claims } }) });
    const [action] = planRemoval(workload, observe(workload, { live: [live], rows: [row], users }));
    t.is(action?.type, expected);
  });
}

test('what was released belongs to nobody, and is not released again', (t) => {
  const workload = make.workload({ objects: [], policy: { claims: 'retain' } });
  const released = { ...claim, metadata: { ...claim.metadata, annotations: { 'portolan.dev/kept': 'shop' } } };
  t.deepEqual(planRemoval(workload, observe(workload, { live: [released], rows: [claimRow] })), []);
});

test('with nothing left, what may still come to be is waited for, and keeps its row', (t) => {
  const workload = withObjects(make.configMap());
  const { objects: awaited } = renderWorkload(workload, scopes);
  const seen = observe(workload, { rows: [make.row()], awaited });
  const [action] = planRemoval(workload, seen);
  t.like(action, { type: 'await', needsSomebody: false });
  t.regex(action?.message ?? '', /did not answer: it may still come to be/);
  t.deepEqual(inventoryAfter(workload, seen, true), { objects: [], absent: [] });
  const live = observe(workload, { live: [applied(workload)], rows: [make.row()], awaited: [] });
  t.like(planRemoval(workload, live)[0], { type: 'delete' });
});
