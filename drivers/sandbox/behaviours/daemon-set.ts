import type { KubernetesObject } from '../../kubernetes/driver.js';
import { record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { deletePod, isReady, livePodsOf, makePods, podFrom, podsOf, randomName, templateHash } from './pods-of.js';

/** One pod on every node. On an update one pod after the other is replaced. */
export function daemonSet(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  const hash = templateHash(object);
  const nodes = cluster.store.list('/Node', null).map((node) => node.metadata.name);
  const nodeOf = (pod: KubernetesObject) => text(record(pod.spec).nodeName);
  const taken = new Set(podsOf(object, cluster).map(nodeOf));
  const free = nodes.filter((node) => !taken.has(node));
  if (free.length > 0) {
    makePods(object, free.length, controller, cluster, (index) => {
      const name = randomName(object.metadata.name, cluster);
      return podFrom(object, name, { 'controller-revision-hash': hash }, { nodeName: free[index] ?? '' });
    });
  }
  const isUpdated = (pod: KubernetesObject) => pod.metadata.labels?.['controller-revision-hash'] === hash;
  const pods = livePodsOf(object, cluster);
  const old = pods.filter((pod) => !isUpdated(pod));
  const next =
    old.find((pod) => !isReady(pod)) ?? (pods.length === nodes.length && pods.every(isReady) ? old[0] : undefined);
  if (next && record(record(object.spec).updateStrategy).type !== 'OnDelete') {
    deletePod(object, next, controller, cluster);
  }

  const left = livePodsOf(object, cluster);
  const ready = left.filter(isReady).length;
  cluster.setStatus(object, {
    observedGeneration: object.metadata.generation,
    desiredNumberScheduled: nodes.length,
    currentNumberScheduled: left.length,
    updatedNumberScheduled: left.filter(isUpdated).length,
    numberReady: ready,
    numberAvailable: ready,
    numberMisscheduled: 0,
  });
}

const controller = 'daemonset-controller';
