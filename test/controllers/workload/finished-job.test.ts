import test from 'ava';
import { withMarks } from '../../../controllers/marks.js';
import { isFinishedJob } from '../../../controllers/workload/finished-job.js';
import { renderWorkload } from '../../../controllers/workload/render.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { make, workloadId } from '../make.js';

const job = (spec: object): KubernetesObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'once' },
  spec,
});
const rendered = (object: KubernetesObject) => {
  const [found] = renderWorkload(make.workload({ objects: [object] as never }), () => true).objects;
  if (!found) throw new Error('Nothing was rendered.');
  return found;
};
const expiring = rendered(job({ ttlSecondsAfterFinished: 0 }));
const completed = { kind: 'Job', reason: 'Completed', appliedHash: expiring.hash };
const last = (renderHash: string) =>
  withMarks(expiring.object, { resourceId: workloadId, generation: 1, renderHash }) as KubernetesObject;

for (const { title, desired, row, seen, expected } of [
  { title: 'one whose completion is recorded', desired: expiring, row: completed, seen: null, expected: true },
  { title: 'one that was seen to go completed', desired: expiring, row: {}, seen: last(expiring.hash), expected: true },
  {
    title: 'not one that was not done',
    desired: expiring,
    row: { ...completed, reason: 'Progressing' },
    seen: null,
    expected: false,
  },
  {
    title: 'not one of another render',
    desired: expiring,
    row: { ...completed, appliedHash: 'x' },
    seen: last('x'),
    expected: false,
  },
  {
    title: 'not one that keeps',
    desired: rendered(job({})),
    row: { ...completed, appliedHash: rendered(job({})).hash },
    seen: null,
    expected: false,
  },
  { title: 'not another kind', desired: rendered(make.configMap()), row: completed, seen: null, expected: false },
]) {
  test(`a finished Job is ${title}`, (t) => {
    t.is(isFinishedJob(desired, make.row(row), seen), expected);
  });
}
