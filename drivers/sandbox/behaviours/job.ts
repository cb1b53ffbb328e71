import type { KubernetesObject } from '../../kubernetes/driver.js';
import { conditionOf, list, number, record } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';
import { livePodsOf, podFrom, podsOf, randomName } from './pods-of.js';

/** Runs pods until as many have succeeded as it says, or too many have failed. */
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
  const isFailed = failed > number(spec.backoffLimit, 6);
  const isDone = succeeded >= completions;
  const running = livePodsOf(object, cluster).filter(
    (pod) => !['Succeeded', 'Failed'].includes(String(record(pod.status).phase)),
  );
  if (isFailed || spec.suspend === true) for (const pod of running) cluster.delete(pod);
  if (!isFailed && !isDone && spec.suspend !== true) {
    const wanted = Math.min(number(spec.parallelism, 1), completions - succeeded);
    for (let missing = wanted - running.length; missing > 0; missing -= 1) {
      cluster.create(podFrom(object, randomName(object.metadata.name, cluster), {}), object);
    }
  }
  const kept = list(record(object.status).conditions);
  const message = 'Job has reached the specified backoff limit';
  const ended = isDone
    ? [
        condition(
          object,
          cluster.now,
          'Complete',
          true,
          'CompletionsReached',
          'Reached expected number of succeeded pods',
        ),
      ]
    : [condition(object, cluster.now, 'Failed', true, 'BackoffLimitExceeded', message)];
  cluster.setStatus(object, {
    startTime: record(object.status).startTime ?? cluster.now,
    ...(isDone ? { completionTime: cluster.now } : {}),
    ...(isDone || isFailed ? { conditions: [...kept, ...ended] } : {}),
    ...(isDone || isFailed || running.length === 0 ? {} : { active: running.length }),
    ...(succeeded > 0 ? { succeeded } : {}),
    ...(failed > 0 ? { failed } : {}),
  });
}

function expire(object: KubernetesObject, cluster: BehaviourCluster): void {
  const seconds = record(object.spec).ttlSecondsAfterFinished;
  if (typeof seconds === 'number' && cluster.hasElapsed(object, 'expire', seconds * 1000)) cluster.delete(object);
}
