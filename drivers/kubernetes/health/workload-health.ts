import type { KubernetesObject } from '../driver.js';
import { conditionOf, number, type ObjectHealth, record } from '../object-fields.js';
import { creationFailure } from './creation-failure.js';
import { worstPodProblem } from './pod-health.js';
import { type RelatedObjects, warningOf } from './related-objects.js';
import { behind, degraded, healthy, isBehind, progressing, suspended } from './verdict.js';

/** https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status, and what kubectl rollout status reads. */
export function deploymentHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  const status = record(object.status);
  const desired = number(record(object.spec).replicas, 1);
  if (record(object.spec).paused === true) return suspended('Its roll-out is paused.');
  if (isBehind(object)) return behind;
  const failure = conditionOf(object, 'ReplicaFailure');
  if (failure?.status === 'True') return creationFailure(failure.message);
  const updated = number(status.updatedReplicas, 0);
  const available = number(status.availableReplicas, 0);
  const replicas = number(status.replicas, 0);
  if (updated >= desired && replicas <= updated && available >= desired) return healthy;
  const problem = worstPodProblem(object, related);
  if (problem) return problem;
  const progress = conditionOf(object, 'Progressing');
  if (progress?.status === 'False') return degraded(`Its roll-out makes no progress: ${progress.message}`);
  if (updated < desired) return progressing(`${updated} of ${desired} pods are of the new version.`);
  if (available < desired) return progressing(`${available} of ${desired} pods are available.`);
  const old = replicas - updated;
  return progressing(`${old} ${old === 1 ? 'pod of the old version is' : 'pods of the old version are'} still there.`);
}

export function replicaSetHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  const desired = number(record(object.spec).replicas, 1);
  if (isBehind(object)) return behind;
  const failure = conditionOf(object, 'ReplicaFailure');
  if (failure?.status === 'True') return creationFailure(failure.message);
  const available = number(record(object.status).availableReplicas, 0);
  if (available >= desired) return healthy;
  return worstPodProblem(object, related) ?? progressing(`${available} of ${desired} pods are available.`);
}

export function statefulSetHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  const spec = record(object.spec);
  const status = record(object.status);
  const desired = number(spec.replicas, 1);
  if (isBehind(object)) return behind;
  const strategy = record(spec.updateStrategy);
  const isRolling = strategy.type !== 'OnDelete';
  // Pods below the partition keep the old version on purpose.
  const toUpdate = Math.max(0, desired - number(record(strategy.rollingUpdate).partition, 0));
  const ready = number(status.readyReplicas, 0);
  const updated = number(status.updatedReplicas, 0);
  const isUpdated = !isRolling || status.currentRevision === status.updateRevision || updated >= toUpdate;
  if (ready >= desired && isUpdated) return healthy;
  const problem = worstPodProblem(object, related);
  if (problem) return problem;
  const warning = warningOf('create', object, related);
  if (warning !== '' && number(status.replicas, 0) < desired) return creationFailure(warning);
  if (ready < desired) return progressing(`${ready} of ${desired} pods are ready.`);
  return progressing(`${updated} of ${toUpdate} pods are of the new version.`);
}

export function daemonSetHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  const status = record(object.status);
  if (isBehind(object)) return behind;
  const desired = number(status.desiredNumberScheduled, 0);
  const updated = number(status.updatedNumberScheduled, 0);
  const available = number(status.numberAvailable, 0);
  const isRolling = record(record(object.spec).updateStrategy).type !== 'OnDelete';
  if (available >= desired && (!isRolling || updated >= desired)) return healthy;
  const problem = worstPodProblem(object, related);
  if (problem) return problem;
  const warning = warningOf('create', object, related);
  if (warning !== '' && number(status.currentNumberScheduled, 0) < desired) return creationFailure(warning);
  if (available < desired) return progressing(`${available} of ${desired} nodes run an available pod.`);
  return progressing(`${updated} of ${desired} nodes run the new version.`);
}
