import type { KubernetesObject } from '../../kubernetes/driver.js';
import { record } from '../../kubernetes/object-fields.js';
import type { ClusterStore } from '../cluster-store.js';
import { claimNamesOf } from './pods-of.js';

/** Whom a change of `object` concerns, beside itself and its owners. Asked for every change: it must cost next to nothing. */
export function neighboursOf(store: ClusterStore, object: KubernetesObject): readonly KubernetesObject[] {
  const { namespace } = object.metadata;
  if (namespace === undefined) return object.kind === 'Node' ? store.list('/Pod', null).filter(isWaiting) : [];
  const within = store.get('/Namespace', null, namespace);
  const isGoing = within?.metadata.deletionTimestamp !== undefined;
  if (within && isGoing) return [within, ...claimsOf(store, object, namespace)];
  const quotas = store.list('/ResourceQuota', namespace).filter((quota) => quota !== object);
  switch (object.kind) {
    case 'Pod':
      return [
        ...quotas,
        ...servicesOf(store, object, namespace),
        ...store.list('policy/PodDisruptionBudget', namespace),
        ...claimsOf(store, object, namespace),
      ];
    case 'ConfigMap':
    case 'Secret':
    case 'PersistentVolumeClaim':
      return [...quotas, ...store.list('/Pod', namespace).filter(isWaiting)];
    case 'Deployment':
    case 'StatefulSet':
    case 'ReplicaSet':
      return [...quotas, ...autoscalersOf(store, object, namespace)];
    default:
      return quotas;
  }
}

/** A pod that waits for a node, a volume or configuration. */
function isWaiting(pod: KubernetesObject): boolean {
  return record(pod.status).phase === 'Pending';
}

function claimsOf(store: ClusterStore, object: KubernetesObject, namespace: string): readonly KubernetesObject[] {
  if (object.kind !== 'Pod') return [];
  return claimNamesOf(object).flatMap((name) => store.get('/PersistentVolumeClaim', namespace, name) ?? []);
}

function autoscalersOf(store: ClusterStore, target: KubernetesObject, namespace: string): readonly KubernetesObject[] {
  return store.list('autoscaling/HorizontalPodAutoscaler', namespace).filter((autoscaler) => {
    const { kind, name } = record(record(autoscaler.spec).scaleTargetRef);
    return kind === target.kind && name === target.metadata.name;
  });
}

function servicesOf(store: ClusterStore, pod: KubernetesObject, namespace: string): readonly KubernetesObject[] {
  const labels = pod.metadata.labels ?? {};
  return store.list('/Service', namespace).filter((service) => {
    const selector = Object.entries(record(record(service.spec).selector));
    return selector.length > 0 && selector.every(([name, value]) => labels[name] === value);
  });
}
