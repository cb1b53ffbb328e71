import test from 'ava';
import { outsideAnnotations, withMarks } from '../../../controllers/marks.js';
import { strayRows } from '../../../controllers/workload/strays.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { make, runtimeId, workloadId } from '../make.js';

const writtenBy = (manager: string) => ({
  manager,
  operation: 'Apply',
  apiVersion: 'v1',
  fieldsV1: { 'f:metadata': { 'f:annotations': { [`f:${outsideAnnotations.resource}`]: {} } } },
});

function stray(metadata: Partial<KubernetesObject['metadata']> = {}, generation = 1): KubernetesObject {
  const object = make.configMap('stray');
  const place = { namespace: 'shop-1111111111', managedFields: [writtenBy('portolan')], ...metadata };
  return withMarks(
    { ...object, metadata: { ...object.metadata, ...place } },
    { resourceId: workloadId, generation, renderHash: 'x' },
  ) as KubernetesObject;
}

const found = (object: KubernetesObject, isKnown = () => false) =>
  strayRows(make.workload({}, { generation: 2 }), runtimeId, [object], isKnown).map(({ name, state }) => ({
    name,
    state,
  }));

test('takes in what the workload made at an older generation and nobody knows of', (t) => {
  t.deepEqual(found(stray()), [{ name: 'stray', state: 'intended' }]);
});

const owner = { apiVersion: 'v1', kind: 'X', name: 'x', uid: 'u', controller: true };

for (const { title, rows } of [
  { title: 'what is known', rows: found(stray(), () => true) },
  {
    title: 'a copy that somebody else made, marks and all',
    rows: found(stray({ managedFields: [writtenBy('kubectl')] })),
  },
  { title: 'what a controller owns', rows: found(stray({ ownerReferences: [owner] })) },
  { title: 'what a newer generation made: this pass is late', rows: found(stray({}, 3)) },
]) {
  test(`leaves alone ${title}`, (t) => {
    t.deepEqual(rows, []);
  });
}
