import type { KubernetesObject } from '../driver.js';
import {
  conditionOf,
  number,
  type ObjectCondition,
  type ObjectHealth,
  record,
  toConditions,
} from '../object-fields.js';
import { behind, degraded, healthy, isBehind, progressing, suspended } from './verdict.js';

/** https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale-walkthrough/#appendix-horizontal-pod-autoscaler-status-conditions */
export function autoscalerHealth(object: KubernetesObject): ObjectHealth {
  const conditions = autoscalerConditions(object);
  const conditionOf = (type: string) => conditions.find((condition) => condition.type === type);
  const able = conditionOf('AbleToScale');
  if (able?.status === 'False') return degraded(`It cannot scale: ${say(able)}`);
  const active = conditionOf('ScalingActive');
  if (active?.status === 'False') {
    if (active.reason === 'ScalingDisabled') return suspended(`It does not scale: ${say(active)}`);
    return degraded(`It does not know how far to scale: ${say(active)}`);
  }
  if (!able) return progressing('Its controller has not looked at it yet.', 'Pending');
  const limited = conditionOf('ScalingLimited');
  return limited?.status === 'True' && limited.reason === 'TooManyReplicas'
    ? { ...healthy, message: `It would scale further than it may: ${say(limited)}` }
    : healthy;
}

/** In autoscaling/v1 they stand in an annotation. */
function autoscalerConditions(object: KubernetesObject): readonly ObjectCondition[] {
  const { conditions } = record(object.status);
  if (conditions !== undefined) return toConditions(conditions);
  try {
    return toConditions(
      JSON.parse(object.metadata.annotations?.['autoscaling.alpha.kubernetes.io/conditions'] ?? '[]'),
    );
  } catch {
    return [];
  }
}

/** A budget that allows no disruption now does its work; one whose pods are too few waits for them. */
export function budgetHealth(object: KubernetesObject): ObjectHealth {
  if (isBehind(object)) return behind;
  const { currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods, observedGeneration } = record(
    object.status,
  );
  const allowed = conditionOf(object, 'DisruptionAllowed');
  if (allowed?.reason === 'SyncFailed') return degraded(`Its pods cannot be counted: ${say(allowed)}`);
  if (observedGeneration === undefined) return progressing('Its controller has not looked at it yet.', 'Pending');
  const current = number(currentHealthy, 0);
  const desired = number(desiredHealthy, 0);
  if (current < desired) return progressing(`${current} of the ${desired} pods that must be there are healthy.`);
  const isTight = number(disruptionsAllowed, 0) === 0 && number(expectedPods, 0) > 0;
  return isTight ? { ...healthy, message: 'It allows no disruption now.' } : healthy;
}

const say = ({ message, reason }: ObjectCondition): string => message || reason;
