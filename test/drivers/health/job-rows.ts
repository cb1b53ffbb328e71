import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import {
  completed,
  degraded,
  failedPod,
  type HealthRow,
  healthy,
  object,
  progressing,
  selector,
  suspended,
  waitingPod,
  warning,
} from './row.js';

const failedCondition = { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' };

/** What ends. */
export const jobRows: readonly HealthRow[] = [
  {
    title: 'a Job that has completed is Healthy',
    why: 'it did what it was for',
    object: job({ conditions: [{ type: 'Complete', status: 'True' }] }),
    expected: completed,
  },
  {
    title: 'a Job that has failed is Degraded',
    why: 'the cluster does not try again',
    object: job({ conditions: [failedCondition] }),
    expected: degraded('It failed: BackoffLimitExceeded.'),
  },
  {
    title: 'a Job that has failed says how its last pod ended',
    why: 'that it tried often enough is not why',
    object: job({
      conditions: [{ ...failedCondition, message: 'Job has reached the specified backoff limit' }],
    }),
    pods: [failedPod('web-a', 7, '2026-01-01T00:00:02Z'), failedPod('web-b', 8, '2026-01-01T00:00:01Z')],
    lastLines: { main: 'table ports does not exist' },
    expected: degraded(
      'It failed: Job has reached the specified backoff limit. Container main exits with code 7: table ports does not exist',
    ),
  },
  {
    title: 'a Job that tries again is Progressing',
    why: 'a failed try is not the end of it',
    object: job({ failed: 1, active: 1 }),
    pods: [failedPod('web-a', 1, '2026-01-01T00:00:00Z')],
    expected: progressing('It runs again after a failure.'),
  },
  {
    title: 'a Job that runs is Progressing',
    why: 'it has not ended',
    object: job({ active: 1 }),
    expected: progressing('It runs.'),
  },
  {
    title: 'a suspended Job is Suspended',
    why: 'somebody asked for that',
    object: object('batch/v1', 'Job', { suspend: true }, {}),
    expected: suspended('It is suspended.'),
  },
  {
    title: 'a Job whose image cannot be pulled names it',
    why: 'the pod knows it, the Job does not',
    object: job({ active: 1 }),
    pods: [waitingPod('web-a', 'InvalidImageName')],
    expected: degraded('Image example.test/web:9 of container main cannot be pulled.', 'ImagePullFailed'),
  },
  {
    title: 'a Job whose pods a quota forbids names it, from the event',
    why: 'its status has no condition for that',
    object: job({}),
    warnings: {
      'Job/web': warning(
        'create',
        'Error creating: pods "web-x7k2p" is forbidden: exceeded quota: small, requested: pods=1, used: pods=0, limited: pods=0',
      ),
    },
    expected: degraded(
      'Quota small is used up, so its pods cannot be made: pods=0 of pods=0 are used, pods=1 more are asked for.',
      'QuotaExceeded',
    ),
  },
  {
    title: 'a CronJob is Healthy between its jobs',
    why: 'nothing is wrong',
    object: cronJob(),
    expected: healthy,
  },
  {
    title: 'a suspended CronJob is Suspended',
    why: 'somebody asked for that',
    object: object('batch/v1', 'CronJob', { suspend: true }, {}),
    expected: suspended('It is suspended.'),
  },
  {
    title: 'a CronJob whose last job failed is Degraded, and names the job',
    why: 'that the job before it did well is of the past',
    object: cronJob(),
    jobs: [
      ended('web-1', '2026-01-01T00:01:00Z', { type: 'Complete', status: 'True' }),
      ended('web-2', '2026-01-01T00:02:00Z', failedCondition),
    ],
    expected: degraded('Its last job web-2 failed: BackoffLimitExceeded.'),
  },
  {
    title: 'a CronJob whose last job did well is Healthy, whatever those before it did',
    why: 'a failure is over with the next success',
    object: cronJob(),
    jobs: [
      ended('web-2', '2026-01-01T00:02:00Z', { type: 'Complete', status: 'True' }),
      ended('web-1', '2026-01-01T00:01:00Z', failedCondition),
    ],
    expected: healthy,
  },
  {
    title: 'a CronJob whose job runs again after a failed one is Degraded until it ends',
    why: 'the last that is known is the failure',
    object: cronJob(),
    jobs: [
      ended('web-1', '2026-01-01T00:01:00Z', failedCondition),
      ended('web-2', '2026-01-01T00:02:00Z', { type: 'Suspended', status: 'False' }),
    ],
    expected: degraded('Its last job web-1 failed: BackoffLimitExceeded.'),
  },
  {
    title: 'jobs of another CronJob say nothing',
    why: 'it does not own them',
    object: cronJob(),
    jobs: [ended('other-1', '2026-01-01T00:01:00Z', failedCondition, 'uid-other')],
    expected: healthy,
  },
  {
    title: 'a CronJob whose jobs cannot be made says why',
    why: 'there is no job that could',
    object: cronJob(),
    warnings: {
      'CronJob/web': warning(
        'create',
        'Error creating job: Internal error occurred: failed calling webhook "deny.example.com": context deadline exceeded',
      ),
    },
    expected: degraded(
      'Its jobs cannot be made: webhook deny.example.com cannot be asked: context deadline exceeded',
      'WebhookFailed',
    ),
  },
];

function job(status: object): KubernetesObject {
  return object('batch/v1', 'Job', { selector }, status);
}

function cronJob(): KubernetesObject {
  return object('batch/v1', 'CronJob', { schedule: '* * * * *' }, { lastScheduleTime: '2026-01-01T00:01:00Z' });
}

function ended(name: string, startTime: string, condition: object, uid = 'uid-web'): KubernetesObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: 'dev',
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'web', uid, controller: true }],
    },
    spec: { selector: { matchLabels: { job: name } } },
    status: { startTime, conditions: [condition] },
  };
}
