import type { KubernetesObject } from '../../kubernetes/driver.js';
import { isSelected } from '../../kubernetes/label-selector.js';
import { number, record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';
import { isReady } from './pods-of.js';

/** An autoscaler finds its target, and what it measures never asks for a change. */
export function autoscaler(object: KubernetesObject, cluster: BehaviourCluster): void {
  const target = record(record(object.spec).scaleTargetRef);
  const { namespace = '' } = object.metadata;
  const found = cluster.store
    .inNamespace(namespace)
    .find(({ kind, metadata }) => kind === target.kind && metadata.name === target.name);
  const replicas = number(record(found?.status).replicas, 0);
  cluster.setStatus(object, {
    currentReplicas: replicas,
    desiredReplicas: replicas,
    conditions: [
      found
        ? condition(
            object,
            cluster.now,
            'AbleToScale',
            true,
            'ReadyForNewScale',
            'recommended size matches current size',
          )
        : condition(
            object,
            cluster.now,
            'AbleToScale',
            false,
            'FailedGetScale',
            `${text(target.kind)} ${text(target.name)} not found`,
          ),
      ...(found ? [condition(object, cluster.now, 'ScalingActive', true, 'ValidMetricFound')] : []),
    ],
  });
  if (!found) cluster.wake(object, cluster.delays.retryMs);
}

/** A budget counts its pods until they are enough. */
export function budget(object: KubernetesObject, cluster: BehaviourCluster): void {
  const { selector, minAvailable, maxUnavailable } = record(object.spec);
  const { namespace = null, generation = 1 } = object.metadata;
  const pods = cluster.store.list('/Pod', namespace).filter((pod) => isSelected(pod, selector));
  const expectedPods = pods.length;
  const currentHealthy = pods.filter(isReady).length;
  const desiredHealthy =
    minAvailable === undefined
      ? expectedPods - share(maxUnavailable ?? 1, expectedPods)
      : share(minAvailable, expectedPods);
  cluster.setStatus(object, {
    observedGeneration: generation,
    expectedPods,
    currentHealthy,
    desiredHealthy,
    disruptionsAllowed: Math.max(0, currentHealthy - desiredHealthy),
  });
  if (currentHealthy < desiredHealthy) cluster.wake(object, cluster.delays.retryMs);
}

/** A number, or a percentage of all, rounded up. */
function share(value: unknown, all: number): number {
  const percent = /^(\d+)%$/.exec(text(value))?.[1];
  return percent === undefined ? number(value, 0) : Math.ceil((Number(percent) / 100) * all);
}
