import { isJsonObject, type Json, type JsonObject } from '../../../lib/canonical.js';
import { groupOf, type SeenObject } from './seen-object.js';

/**
 * Whether an object works, by its own status in the cluster, in the words of `kubectl rollout status` and the like: true or
 * false; null where its status does not tell. Written apart from the product's rules on purpose: they are what is compared.
 */
export function doesWork(object: SeenObject): boolean | null {
  if (object.metadata.deletionTimestamp !== undefined) return false;
  return (
    judges[`${groupOf(object.apiVersion)}/${object.kind}`]?.(object.spec ?? {}, object.status ?? {}, object) ?? null
  );
}

type Judge = (spec: JsonObject, status: JsonObject, object: SeenObject) => boolean | null;

const judges: Readonly<Record<string, Judge>> = {
  'apps/Deployment': (spec, status, object) =>
    spec.paused === true
      ? null
      : isCurrent(status, object) &&
        count(status.updatedReplicas) >= count(spec.replicas, 1) &&
        count(status.availableReplicas) >= count(spec.replicas, 1) &&
        count(status.replicas) === count(status.updatedReplicas),
  'apps/StatefulSet': (spec, status, object) =>
    isCurrent(status, object) && count(status.readyReplicas) >= count(spec.replicas, 1),
  'apps/ReplicaSet': (spec, status, object) =>
    isCurrent(status, object) && count(status.availableReplicas) >= count(spec.replicas, 1),
  'apps/DaemonSet': (_spec, status, object) =>
    isCurrent(status, object) && count(status.numberAvailable) >= count(status.desiredNumberScheduled),
  'batch/Job': (spec, status) => (spec.suspend === true ? null : isTrue(status, 'Complete')),
  '/Pod': (_spec, status) => isTrue(status, 'Ready') || status.phase === 'Succeeded',
  '/PersistentVolumeClaim': (_spec, status) => status.phase === 'Bound',
  '/Namespace': (_spec, status) => status.phase === 'Active',
  'apiextensions.k8s.io/CustomResourceDefinition': (_spec, status) => isTrue(status, 'Established'),
  '/ConfigMap': () => true,
  '/Secret': () => true,
  '/ServiceAccount': () => true,
};

function isCurrent(status: JsonObject, { metadata }: SeenObject): boolean {
  return count(status.observedGeneration) >= (metadata.generation ?? 0);
}

function isTrue(status: JsonObject, type: string): boolean {
  const conditions: Json = status.conditions ?? [];
  return (
    Array.isArray(conditions) &&
    conditions.some((each) => isJsonObject(each) && each.type === type && each.status === 'True')
  );
}

function count(value: Json | undefined, otherwise = 0): number {
  return typeof value === 'number' ? value : otherwise;
}
