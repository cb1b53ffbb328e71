import type { KubernetesObject } from '../../kubernetes/driver.js';
import { number, record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';

/** An autoscaler finds its target and keeps it within its limits. What it measures never asks for a change. */
export function autoscaler(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  const { apiVersion, kind, name } = record(record(object.spec).scaleTargetRef);
  const { namespace = '' } = object.metadata;
  const type = cluster.store.types().find((each) => each.apiVersion === apiVersion && each.kind === kind);
  const found = type?.scale ? cluster.store.get(type.id, namespace, text(name)) : null;
  const say = (about: string, isTrue: boolean, reason: string, message: string) =>
    condition(object, cluster.now, about, isTrue, reason, message);
  if (!found || !type) {
    const target = type
      ? `${type.plural}${type.group ? `.${type.group}` : ''} "${text(name)}" not found`
      : 'no such kind';
    const message = `the HPA controller was unable to get the target's current scale: ${target}`;
    cluster.setStatus(object, {
      desiredReplicas: 0,
      currentMetrics: null,
      conditions: [say('AbleToScale', false, 'FailedGetScale', message)],
    });
    cluster.tell(object, { type: 'Warning', reason: 'FailedGetScale', message: target, by: controller });
    cluster.retry(object, 'find', cluster.delays.retryMs);
    return;
  }
  cluster.succeed(object, 'find');
  const current = number(record(found.spec).replicas, 1);
  const wanted = current === 0 ? 0 : withinLimits(object, current);
  if (wanted !== current) {
    cluster.scale(found, wanted, 'kube-controller-manager');
    const which = wanted > current ? 'below Spec.MinReplicas' : 'above Spec.MaxReplicas';
    const message = `New size: ${wanted}; reason: Current number of replicas ${which}`;
    cluster.tell(object, { type: 'Normal', reason: 'SuccessfulRescale', message, by: controller });
  }
  cluster.setStatus(object, {
    ...(wanted === current ? lastScaleOf(object) : { lastScaleTime: cluster.now }),
    currentReplicas: number(record(found.status).replicas, 0),
    desiredReplicas: wanted,
    conditions: [
      say('AbleToScale', true, 'ReadyForNewScale', 'recommended size matches current size'),
      current === 0
        ? say(
            'ScalingActive',
            false,
            'ScalingDisabled',
            'scaling is disabled since the replica count of the target is zero',
          )
        : say(
            'ScalingActive',
            true,
            'ValidMetricFound',
            'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
          ),
    ],
  });
}

const controller = 'horizontal-pod-autoscaler';

function withinLimits(object: KubernetesObject, replicas: number): number {
  const { minReplicas, maxReplicas } = record(object.spec);
  return Math.max(number(minReplicas, 1), Math.min(number(maxReplicas, replicas), replicas));
}

function lastScaleOf(object: KubernetesObject): object {
  const { lastScaleTime } = record(object.status);
  return lastScaleTime === undefined ? {} : { lastScaleTime };
}
