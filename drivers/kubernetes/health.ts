import type { Reason } from '../../lib/health.js';
import { splitApiVersion } from './api-version.js';
import type { KubernetesObject } from './driver.js';
import { conditionOf, list, number, type ObjectHealth, record, text } from './object-fields.js';
import { podHealth, worstPodProblem } from './pod-health.js';

/** What else was seen that says something about an object. */
export interface RelatedObjects {
  /** Pods of the object's namespace; those that the object does not select are passed over. */
  readonly pods: readonly KubernetesObject[];
}

/**
 * Whether an object works, from what the cluster says about it. Pure, and a function of what was seen alone: no clock and
 * no counter, so that equal observations give equal answers. `message` is empty when there is nothing to add.
 */
export function objectHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  if (object.metadata.deletionTimestamp) {
    return progressing(`${object.kind} ${object.metadata.name} is being deleted.`, 'Terminating');
  }
  const rule = rules[`${splitApiVersion(object.apiVersion).group}/${object.kind}`] ?? conditionsHealth;
  return rule(object, related);
}

type Rule = (object: KubernetesObject, related: RelatedObjects) => ObjectHealth;

const healthy: ObjectHealth = { health: 'Healthy', reason: 'Available', message: '' };

function progressing(message: string, reason: Reason = 'Progressing'): ObjectHealth {
  return { health: 'Progressing', reason, message };
}

function degraded(message: string, reason: Reason = 'ObjectFailed'): ObjectHealth {
  return { health: 'Degraded', reason, message };
}

function suspended(message: string): ObjectHealth {
  return { health: 'Suspended', reason: 'Suspended', message };
}

const rules: Readonly<Record<string, Rule>> = {
  'apps/Deployment': deploymentHealth,
  'apps/ReplicaSet': replicaSetHealth,
  'apps/StatefulSet': statefulSetHealth,
  'apps/DaemonSet': daemonSetHealth,
  'batch/Job': jobHealth,
  'batch/CronJob': (object) => (record(object.spec).suspend === true ? suspended('It is suspended.') : healthy),
  '/Pod': podHealth,
  '/PersistentVolumeClaim': claimHealth,
  '/Service': serviceHealth,
  '/Namespace': (object) =>
    record(object.status).phase === 'Terminating' ? progressing('It is being deleted.', 'Terminating') : healthy,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionHealth,
};

/** https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status, and what kubectl rollout status reads. */
function deploymentHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  const status = record(object.status);
  const desired = number(record(object.spec).replicas, 1);
  if (record(object.spec).paused === true) return suspended('Its roll-out is paused.');
  if (isBehind(object)) return progressing('The cluster has not taken up the last change yet.');
  const failure = conditionOf(object, 'ReplicaFailure');
  if (failure?.status === 'True') return degraded(`Its pods cannot be made: ${failure.message}`);
  const updated = number(status.updatedReplicas, 0);
  const available = number(status.availableReplicas, 0);
  const replicas = number(status.replicas, 0);
  if (updated >= desired && replicas <= updated && available >= desired) return healthy;
  const problem = worstPodProblem(object, related.pods);
  if (problem) return problem;
  const progress = conditionOf(object, 'Progressing');
  if (progress?.status === 'False') return degraded(`Its roll-out makes no progress: ${progress.message}`);
  if (updated < desired) return progressing(`${updated} of ${desired} pods are of the new version.`);
  if (available < desired) return progressing(`${available} of ${desired} pods are available.`);
  return progressing(`${replicas - updated} pods of the old version are still there.`);
}

function replicaSetHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  const desired = number(record(object.spec).replicas, 1);
  if (isBehind(object)) return progressing('The cluster has not taken up the last change yet.');
  const failure = conditionOf(object, 'ReplicaFailure');
  if (failure?.status === 'True') return degraded(`Its pods cannot be made: ${failure.message}`);
  const available = number(record(object.status).availableReplicas, 0);
  if (available >= desired) return healthy;
  return worstPodProblem(object, related.pods) ?? progressing(`${available} of ${desired} pods are available.`);
}

function statefulSetHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  const spec = record(object.spec);
  const status = record(object.status);
  const desired = number(spec.replicas, 1);
  if (isBehind(object)) return progressing('The cluster has not taken up the last change yet.');
  const strategy = record(spec.updateStrategy);
  const isRolling = strategy.type !== 'OnDelete';
  // Pods below the partition keep the old version on purpose.
  const toUpdate = Math.max(0, desired - number(record(strategy.rollingUpdate).partition, 0));
  const ready = number(status.readyReplicas, 0);
  const updated = number(status.updatedReplicas, 0);
  const isUpdated = !isRolling || status.currentRevision === status.updateRevision || updated >= toUpdate;
  if (ready >= desired && isUpdated) return healthy;
  const problem = worstPodProblem(object, related.pods);
  if (problem) return problem;
  if (ready < desired) return progressing(`${ready} of ${desired} pods are ready.`);
  return progressing(`${updated} of ${toUpdate} pods are of the new version.`);
}

function daemonSetHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  const status = record(object.status);
  if (isBehind(object)) return progressing('The cluster has not taken up the last change yet.');
  const desired = number(status.desiredNumberScheduled, 0);
  const updated = number(status.updatedNumberScheduled, 0);
  const available = number(status.numberAvailable, 0);
  const isRolling = record(record(object.spec).updateStrategy).type !== 'OnDelete';
  if (available >= desired && (!isRolling || updated >= desired)) return healthy;
  const problem = worstPodProblem(object, related.pods);
  if (problem) return problem;
  if (available < desired) return progressing(`${available} of ${desired} nodes run an available pod.`);
  return progressing(`${updated} of ${desired} nodes run the new version.`);
}

function jobHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  const failed = conditionOf(object, 'Failed');
  if (failed?.status === 'True') return degraded(`It failed: ${failed.message || failed.reason}`);
  if (conditionOf(object, 'Complete')?.status === 'True')
    return { ...healthy, reason: 'Completed', message: 'It has completed.' };
  if (record(object.spec).suspend === true) return suspended('It is suspended.');
  const hasFailed = number(record(object.status).failed, 0) > 0;
  const running = progressing(hasFailed ? 'It runs again after a failure.' : 'It runs.');
  return worstPodProblem(object, related.pods) ?? running;
}

function claimHealth(object: KubernetesObject): ObjectHealth {
  const phase = text(record(object.status).phase);
  if (phase === 'Bound') return healthy;
  const storageClass = text(record(object.spec).storageClassName);
  const of = storageClass ? ` of storage class ${storageClass}` : '';
  if (phase === 'Lost') return degraded(`Its volume${of} is gone.`, 'NotBound');
  return progressing(`It waits for a volume${of}.`, 'NotBound');
}

function serviceHealth(object: KubernetesObject): ObjectHealth {
  if (record(object.spec).type !== 'LoadBalancer') return healthy;
  if (list(record(record(object.status).loadBalancer).ingress).length > 0) return healthy;
  return progressing('It waits for the address of its load balancer.', 'Pending');
}

function definitionHealth(object: KubernetesObject): ObjectHealth {
  const names = conditionOf(object, 'NamesAccepted');
  if (names?.status === 'False') return degraded(`Its names are not accepted: ${names.message}`);
  if (conditionOf(object, 'Established')?.status === 'True') return healthy;
  return progressing('The cluster does not serve it yet.', 'Pending');
}

/** Kinds without a rule of their own: by the conditions that most controllers report; healthy when there are none. */
function conditionsHealth(object: KubernetesObject): ObjectHealth {
  if (isBehind(object)) return progressing('Its controller has not taken up the last change yet.');
  const stalled = conditionOf(object, 'Stalled') ?? conditionOf(object, 'Failed');
  if (stalled?.status === 'True') return degraded(stalled.message || stalled.reason);
  const claim = conditionOf(object, 'Ready') ?? conditionOf(object, 'Available');
  if (!claim || claim.status === 'True') return healthy;
  return progressing(claim.message || claim.reason || 'It is not ready.');
}

/** Whether the status was computed from an older spec. Kinds whose status names no generation are taken at their word. */
function isBehind(object: KubernetesObject): boolean {
  const observed = record(object.status).observedGeneration;
  if (observed === undefined) return hasController(object);
  return number(observed, 0) < number(object.metadata.generation, 0);
}

/** These always get a status; until then nobody has looked at them. */
function hasController(object: KubernetesObject): boolean {
  return splitApiVersion(object.apiVersion).group === 'apps';
}
