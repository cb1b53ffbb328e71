import test from 'ava';
import { withMarks } from '../../../controllers/marks.js';
import { planPrune, planRemoval } from '../../../controllers/workload/plan-removal.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { make, workloadId } from '../make.js';
import { applied, namespace, observe, withObjects } from './seen.js';

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
