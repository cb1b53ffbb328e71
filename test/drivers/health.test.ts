import test from 'ava';
import { silentEndsOf } from '../../drivers/kubernetes/health/pod-health.js';
import type { RelatedObjects } from '../../drivers/kubernetes/health/related-objects.js';
import { objectHealth, ruledKinds } from '../../drivers/kubernetes/health.js';
import { jobRows } from './health/job-rows.js';
import { networkRows } from './health/network-rows.js';
import { otherRows } from './health/other-rows.js';
import { podRows } from './health/pod-rows.js';
import { crashedPod, failedPod, type HealthRow, object, selector } from './health/row.js';
import { workloadRows } from './health/workload-rows.js';

const rows = [...workloadRows, ...podRows, ...jobRows, ...networkRows, ...otherRows];

for (const row of rows) {
  test(row.title, (t) => {
    t.deepEqual(objectHealth(row.object, relatedOf(row)), row.expected, row.why);
  });
}

test('every kind with a rule has lines for when it is well and for when it is not', (t) => {
  const said = (isWell: boolean) =>
    new Set(
      rows
        .filter(({ expected }) => (expected.health === 'Healthy') === isWell)
        .map(
          ({ object: { apiVersion, kind } }) => `${apiVersion.includes('/') ? apiVersion.split('/')[0] : ''}/${kind}`,
        ),
    );
  for (const isWell of [true, false]) {
    t.deepEqual(
      ruledKinds.filter((kind) => !said(isWell).has(kind)),
      [],
    );
  }
});

test('only containers that ended badly without a word are asked for their last lines', (t) => {
  const deployment = object('apps/v1', 'Deployment', { selector }, {});
  const waiting = { waiting: { reason: 'CrashLoopBackOff' } };
  const ends = (pod: ReturnType<typeof crashedPod>, owner = deployment) =>
    silentEndsOf(owner, { pods: [pod] }).map(({ container, restarts, isPrevious }) => [
      container,
      restarts,
      isPrevious,
    ]);
  t.deepEqual(ends(crashedPod(waiting, { exitCode: 1, reason: 'Error' })), [['main', 4, true]]);
  t.deepEqual(ends(crashedPod({ terminated: { exitCode: 1 } }, { exitCode: 1 })), [['main', 4, false]]);
  t.deepEqual(ends(crashedPod(waiting, { exitCode: 137, reason: 'OOMKilled' })), []);
  t.deepEqual(ends(crashedPod(waiting, { exitCode: 1, message: 'no licence' })), []);
  t.deepEqual(ends(crashedPod(waiting, { exitCode: 0 })), []);
  const failed = failedPod('web-a', 7, '2026-01-01T00:00:00Z');
  t.deepEqual(ends(failed), []);
  t.deepEqual(ends(failed, object('batch/v1', 'Job', { selector }, {})), [['main', 0, false]]);
});

function relatedOf({ pods = [], jobs = [], warnings = {}, lastLines = {} }: HealthRow): RelatedObjects {
  return {
    pods,
    jobs,
    warningsOf({ kind, name }) {
      const found = warnings[`${kind}/${name}`];
      return found ? [found] : [];
    },
    lastLinesOf: (_pod, container) => lastLines[container] ?? '',
  };
}
