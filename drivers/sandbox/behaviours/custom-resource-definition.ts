import type { KubernetesObject } from '../../kubernetes/driver.js';
import { conditionOf, record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';

/** A CRD is established after a while, and serves its kind from then on; when it goes, its objects go first. */
export function customResourceDefinition(object: KubernetesObject, cluster: BehaviourCluster): void {
  const spec = record(object.spec);
  if (object.metadata.deletionTimestamp) {
    const typeId = `${text(spec.group)}/${text(record(spec.names).kind)}`;
    for (const each of cluster.store.list(typeId, null)) cluster.delete(each);
    if (cluster.store.list(typeId, null).length === 0) {
      cluster.finishDeletion(object);
      return;
    }
    cluster.wake(object, cluster.delays.retryMs);
    return;
  }
  if (conditionOf(object, 'Established') || !cluster.hasElapsed(object, 'establish', cluster.delays.definitionMs))
    return;
  cluster.setStatus(object, {
    acceptedNames: spec.names,
    conditions: [
      condition(object, cluster.now, 'NamesAccepted', true, 'NoConflicts', 'no conflicts found'),
      condition(
        object,
        cluster.now,
        'Established',
        true,
        'InitialNamesAccepted',
        'the initial names have been accepted',
      ),
    ],
  });
}
