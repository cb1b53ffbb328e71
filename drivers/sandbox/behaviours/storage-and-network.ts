import { hashText } from '../../../lib/node/hash.js';
import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';

/** A claim is bound after a while, unless its storage class says `does-not-exist`. */
export function persistentVolumeClaim(object: KubernetesObject, cluster: BehaviourCluster): void {
  const spec = record(object.spec);
  if (record(object.status).phase === 'Bound' || object.metadata.deletionTimestamp) return;
  if (text(spec.storageClassName).includes('does-not-exist')) return;
  if (!cluster.hasElapsed(object, 'bind', cluster.delays.volumeMs)) return;
  const capacity = record(record(spec.resources).requests);
  cluster.setStatus(object, { phase: 'Bound', accessModes: spec.accessModes ?? [], capacity });
}

/** A service of type LoadBalancer gets an address after a while. */
export function service(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (record(object.spec).type !== 'LoadBalancer' || object.metadata.deletionTimestamp) return;
  if (list(record(record(object.status).loadBalancer).ingress).length > 0) return;
  if (!cluster.hasElapsed(object, 'address', cluster.delays.loadBalancerMs)) return;
  // 203.0.113.0/24 is for documentation (RFC 5737): no such address exists.
  const last = (Number.parseInt(hashText(object.metadata.uid ?? '').slice(0, 4), 16) % 254) + 1;
  cluster.setStatus(object, { loadBalancer: { ingress: [{ ip: `203.0.113.${last}` }] } });
}
