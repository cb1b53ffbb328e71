import type { KubernetesObject } from '../../kubernetes/driver.js';
import { number, record } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { isReady, livePodsOf, podFrom, randomName } from './pods-of.js';

/** As many pods as it says. Pods that are not ready go first when there are too many; a failed pod is replaced. */
export function replicaSet(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  const desired = number(record(object.spec).replicas, 1);
  const isOver = (pod: KubernetesObject) => ['Failed', 'Succeeded'].includes(String(record(pod.status).phase));
  for (const pod of livePodsOf(object, cluster).filter(isOver)) cluster.delete(pod);
  const pods = livePodsOf(object, cluster);
  for (let missing = desired - pods.length; missing > 0; missing -= 1) {
    cluster.create(podFrom(object, randomName(object.metadata.name, cluster), {}), object);
  }
  const excess = [...pods]
    .sort((a, b) => Number(isReady(a)) - Number(isReady(b)))
    .slice(0, Math.max(0, pods.length - desired));
  for (const pod of excess) cluster.delete(pod);

  const left = livePodsOf(object, cluster);
  const ready = left.filter(isReady).length;
  cluster.setStatus(object, {
    observedGeneration: object.metadata.generation,
    replicas: left.length,
    ...(left.length > 0 ? { fullyLabeledReplicas: left.length } : {}),
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
  });
}
