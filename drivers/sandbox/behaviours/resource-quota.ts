import type { KubernetesObject } from '../../kubernetes/driver.js';
import { record } from '../../kubernetes/object-fields.js';
import { usedOf } from '../admission/quota.js';
import { formatQuantity } from '../quantity.js';
import type { BehaviourCluster } from './behaviour.js';

/** Says what is used of what it limits. */
export function resourceQuota(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  const used = Object.entries(usedOf(cluster.store, object)).map(([each, amount]) => [
    each,
    formatQuantity(each, amount),
  ]);
  cluster.setStatus(object, { hard: record(object.spec).hard ?? {}, used: Object.fromEntries(used) });
}
