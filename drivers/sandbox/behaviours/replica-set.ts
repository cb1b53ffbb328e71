import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, number, record } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';
import { deletePod, isReady, livePodsOf, makePods } from './pods-of.js';

/** As many pods as it says. Pods that are not ready go first when there are too many; a failed pod is replaced. */
export function replicaSet(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  const desired = number(record(object.spec).replicas, 1);
  const isOver = (pod: KubernetesObject) => ['Failed', 'Succeeded'].includes(String(record(pod.status).phase));
  for (const pod of livePodsOf(object, cluster).filter(isOver)) cluster.delete(pod);
  const pods = livePodsOf(object, cluster);
  const missing = desired - pods.length;
  const refusal = missing > 0 ? makePods(object, missing, controller, cluster) : null;
  const excess = [...pods]
    .sort((a, b) => Number(isReady(a)) - Number(isReady(b)))
    .slice(0, Math.max(0, pods.length - desired));
  for (const pod of excess) deletePod(object, pod, controller, cluster);

  const left = livePodsOf(object, cluster);
  const ready = left.filter(isReady).length;
  cluster.setStatus(object, {
    observedGeneration: object.metadata.generation,
    replicas: left.length,
    ...(left.length > 0 ? { fullyLabeledReplicas: left.length } : {}),
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    ...failureOf(object, missing > 0 ? refusal : null, cluster),
  });
}

const controller = 'replicaset-controller';

/** The pod that is named stays the first one that was refused, as long as it is for the same reason. */
function failureOf(object: KubernetesObject, refusal: string | null, cluster: BehaviourCluster): object {
  if (refusal === null) return {};
  const before = list(record(object.status).conditions).map(record)[0];
  const isSame = before !== undefined && unnamed(String(before.message)) === unnamed(refusal);
  const failure = isSame ? before : condition(object, cluster.now, 'ReplicaFailure', true, 'FailedCreate', refusal);
  return { conditions: [failure] };
}

function unnamed(refusal: string): string {
  return refusal.replace(/pods "[^"]*"/, 'pods');
}
