import test from 'ava';
import { createMarkIndex } from '../../../controllers/cluster/mark-index.js';
import { withMarks } from '../../../controllers/marks.js';
import type { KubernetesObject, ObjectKey } from '../../../drivers/kubernetes/driver.js';
import { make, workloadId } from '../make.js';

const marked = (object: KubernetesObject, resourceId = workloadId) =>
  withMarks(object, { resourceId, generation: 1, renderHash: 'x' }) as KubernetesObject;

function change(object: KubernetesObject, deleted = false) {
  const { apiVersion, kind, metadata } = object;
  const { namespace = null, name } = metadata;
  return { key: { apiVersion, kind, namespace, name }, place: `${namespace ?? ''}/${name}`, object, deleted };
}

const namesOf = (keys: readonly ObjectKey[]) => keys.map(({ name }) => name).sort();

test('knows the objects of a workload by their mark, until they go or are looked at no more', (t) => {
  const index = createMarkIndex();
  for (const name of ['a', 'b', 'c']) index.take(change(marked(make.configMap(name))));
  index.take(change(marked(make.deployment('d'))));
  index.take(change(marked(make.configMap('other'), 'another')));
  index.take(change(make.configMap('nobodys')));
  t.deepEqual(namesOf(index.of(workloadId)), ['a', 'b', 'c', 'd']);
  index.take(change(marked(make.configMap('a')), true));
  index.take(change(marked(make.configMap('c'))));
  t.deepEqual(namesOf(index.of(workloadId)), ['b', 'c', 'd']);
  index.clear('v1/ConfigMap');
  t.deepEqual(namesOf(index.of(workloadId)), ['d']);
  t.deepEqual(index.of('another'), []);
});

const job = (name: string, spec: object, complete: boolean): KubernetesObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'dev' },
  spec,
  status: complete ? { conditions: [{ type: 'Complete', status: 'True' }] } : {},
});

test('keeps a Job as it went when it was done and its own time-out removed it', (t) => {
  const index = createMarkIndex();
  index.take(change(job('done', { ttlSecondsAfterFinished: 0 }, true), true));
  index.take(change(job('there', { ttlSecondsAfterFinished: 0 }, true)));
  index.take(change(job('running', { ttlSecondsAfterFinished: 0 }, false), true));
  index.take(change(job('kept', {}, true), true));
  t.is(index.completed('dev', 'done')?.metadata.name, 'done');
  for (const name of ['there', 'running', 'kept']) t.is(index.completed('dev', name), null);
});
