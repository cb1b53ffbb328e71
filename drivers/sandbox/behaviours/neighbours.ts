import type { KubernetesObject } from '../../kubernetes/driver.js';
import { record } from '../../kubernetes/object-fields.js';
import type { ClusterStore } from '../cluster-store.js';

/** Whom a change of `object` concerns, beside itself and its owners. Asked for every change: it must cost next to nothing. */
export function neighboursOf(store: ClusterStore, object: KubernetesObject): readonly KubernetesObject[] {
  const { namespace } = object.metadata;
  if (namespace === undefined) return [];
  const within = store.get('/Namespace', null, namespace);
  if (within?.metadata.deletionTimestamp) return [within];
  const quotas = store.list('/ResourceQuota', namespace).filter((quota) => quota !== object);
  switch (object.kind) {
    case 'Pod':
      return [
        ...quotas,
        ...servicesOf(store, object, namespace),
        ...store.list('policy/PodDisruptionBudget', namespace),
      ];
    case 'Deployment':
    case 'StatefulSet':
    case 'ReplicaSet':
      return [...quotas, ...autoscalersOf(store, object, namespace)];
    default:
      return quotas;
  }
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
