import type { KubernetesObject } from '../../kubernetes/driver.js';
import { record } from '../../kubernetes/object-fields.js';
import type { ClusterStore } from '../cluster-store.js';

/** Whom a change of `object` concerns, beside itself and its owners. Asked for every change: it must cost next to nothing. */
export function neighboursOf(store: ClusterStore, object: KubernetesObject): readonly KubernetesObject[] {
  const { namespace } = object.metadata;
  if (namespace === undefined) return [];
  const quotas = store.list('/ResourceQuota', namespace).filter((quota) => quota !== object);
  return object.kind === 'Pod' ? [...quotas, ...servicesOf(store, object, namespace)] : quotas;
}

function servicesOf(store: ClusterStore, pod: KubernetesObject, namespace: string): readonly KubernetesObject[] {
  const labels = pod.metadata.labels ?? {};
  return store.list('/Service', namespace).filter((service) => {
    const selector = Object.entries(record(record(service.spec).selector));
    return selector.length > 0 && selector.every(([name, value]) => labels[name] === value);
  });
}
