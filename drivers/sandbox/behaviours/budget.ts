import type { KubernetesObject } from '../../kubernetes/driver.js';
import { isSelected } from '../../kubernetes/label-selector.js';
import { number, record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';
import { isReady } from './pods-of.js';

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
  const disruptionsAllowed = Math.max(0, currentHealthy - desiredHealthy);
  const isAllowed = disruptionsAllowed > 0;
  const reason = isAllowed ? 'SufficientPods' : 'InsufficientPods';
  cluster.setStatus(object, {
    observedGeneration: generation,
    expectedPods,
    currentHealthy,
    desiredHealthy,
    disruptionsAllowed,
    conditions: [condition(object, cluster.now, 'DisruptionAllowed', isAllowed, reason)],
  });
}

/** A number, or a percentage of all, rounded up. */
function share(value: unknown, all: number): number {
  const percent = /^(\d+)%$/.exec(text(value))?.[1];
  return percent === undefined ? number(value, 0) : Math.ceil((Number(percent) / 100) * all);
}
