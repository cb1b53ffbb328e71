import type { KubernetesObject } from '../../kubernetes/driver.js';
import { conditionOf, list, number, record } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';
import { deletePod, livePodsOf, makePods, podsOf } from './pods-of.js';

/** Runs pods until as many have succeeded as it says, too many have failed, or its time is over. */
export function job(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  const spec = record(object.spec);
  if (conditionOf(object, 'Complete') || conditionOf(object, 'Failed')) {
    expire(object, cluster);
    return;
  }
  const completions = number(spec.completions, 1);
  const phases = podsOf(object, cluster).map((pod) => String(record(pod.status).phase));
  const succeeded = phases.filter((phase) => phase === 'Succeeded').length;
  const failed = phases.filter((phase) => phase === 'Failed').length;
  const isDone = succeeded >= completions;
  const failure = isDone ? null : failureOf(object, failed, cluster);
  const running = livePodsOf(object, cluster).filter((pod) => !isOver(pod));
  if (failure || spec.suspend === true) for (const pod of running) deletePod(object, pod, controller, cluster);
  if (!failure && !isDone && spec.suspend !== true) {
    const missing = Math.min(number(spec.parallelism, 1), completions - succeeded) - running.length;
    // A pod that failed is followed by another after ten seconds, then twenty, and so on.
    if (missing > 0 && isDue(object, failed, cluster)) makePods(object, missing, controller, cluster);
  }
  setStatus(object, { succeeded, failed, isDone, failure }, cluster);
}

const controller = 'job-controller';

interface Failure {
  readonly reason: string;
  readonly message: string;
}

interface JobState {
  readonly succeeded: number;
  readonly failed: number;
  readonly isDone: boolean;
  readonly failure: Failure | null;
}

function failureOf(object: KubernetesObject, failed: number, cluster: BehaviourCluster): Failure | null {
  const { backoffLimit, activeDeadlineSeconds } = record(object.spec);
  if (failed > number(backoffLimit, 6)) {
    return { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  }
  const { startTime } = record(object.status);
  if (typeof activeDeadlineSeconds !== 'number' || startTime === undefined) return null;
  const leftMs = Date.parse(String(startTime)) + activeDeadlineSeconds * 1000 - cluster.nowMs;
  if (leftMs > 0) {
    cluster.wake(object, leftMs);
    return null;
  }
  return { reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
}

function isDue(object: KubernetesObject, failed: number, cluster: BehaviourCluster): boolean {
  if (failed === 0) return true;
  const delayMs = cluster.delays.jobRetryMs * 2 ** Math.min(failed - 1, 5);
  return cluster.hasElapsed(object, `retry-${failed}`, delayMs);
}

function setStatus(object: KubernetesObject, state: JobState, cluster: BehaviourCluster): void {
  const { succeeded, failed, isDone, failure } = state;
  const active = livePodsOf(object, cluster).filter((pod) => !isOver(pod)).length;
  const say = (type: string, { reason, message }: Failure) =>
    condition(object, cluster.now, type, true, reason, message);
  const completed = { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
  const ended = isDone
    ? [say('SuccessCriteriaMet', completed), say('Complete', completed)]
    : failure
      ? [say('FailureTarget', failure), say('Failed', failure)]
      : [];
  const isSuspended = record(object.spec).suspend === true;
  const suspended =
    ended.length === 0 && (isSuspended || conditionOf(object, 'Suspended'))
      ? [
          condition(
            object,
            cluster.now,
            'Suspended',
            isSuspended,
            isSuspended ? 'JobSuspended' : 'JobResumed',
            isSuspended ? 'Job suspended' : 'Job resumed',
          ),
        ]
      : [];
  const kept = list(record(object.status).conditions).filter((each) => record(each).type !== 'Suspended');
  const conditions = [...kept, ...suspended, ...ended];
  cluster.setStatus(object, {
    ...(isSuspended ? {} : { startTime: record(object.status).startTime ?? cluster.now }),
    ...(isDone ? { completionTime: cluster.now } : {}),
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(ended.length > 0 || active === 0 ? {} : { active }),
    ...(succeeded > 0 ? { succeeded } : {}),
    ...(failed > 0 ? { failed } : {}),
  });
  if (isDone) cluster.tell(object, { type: 'Normal', reason: 'Completed', message: 'Job completed', by: controller });
  if (failure) cluster.tell(object, { type: 'Warning', ...failure, by: controller });
}

function isOver(pod: KubernetesObject): boolean {
  return ['Succeeded', 'Failed'].includes(String(record(pod.status).phase));
}

/** Counted from its end, so that a restart of the sandbox changes nothing. */
function expire(object: KubernetesObject, cluster: BehaviourCluster): void {
  const seconds = record(object.spec).ttlSecondsAfterFinished;
  if (typeof seconds !== 'number') return;
  const ended = conditionOf(object, 'Complete') ? 'Complete' : 'Failed';
  const condition = list(record(object.status).conditions)
    .map(record)
    .find(({ type }) => type === ended);
  const leftMs = Date.parse(String(condition?.lastTransitionTime)) + seconds * 1000 - cluster.nowMs;
  if (leftMs > 0) cluster.wake(object, leftMs);
  else cluster.delete(object);
}
