import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, record } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { outsideAddress } from './service.js';

/** Gets an address after a while, as where an ingress controller runs. */
export function ingress(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  if (list(record(record(object.status).loadBalancer).ingress).length > 0) return;
  if (!cluster.hasElapsed(object, 'address', cluster.delays.loadBalancerMs)) return;
  cluster.setStatus(object, { loadBalancer: { ingress: [{ ip: outsideAddress(object) }] } });
}
