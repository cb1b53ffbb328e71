import type { KubernetesObject } from '../../kubernetes/driver.js';
import { record, text } from '../../kubernetes/object-fields.js';
import { claimProtection } from '../defaults/defaults.js';
import type { Told } from '../event-recorder.js';
import type { BehaviourCluster } from './behaviour.js';
import { claimNamesOf } from './pods-of.js';

/** A claim is bound after a while, if its storage class is there; one that asks for more later gets it. */
export function persistentVolumeClaim(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) {
    release(object, cluster);
    return;
  }
  const spec = record(object.spec);
  const capacity = record(record(spec.resources).requests);
  if (record(object.status).phase === 'Bound') {
    cluster.setStatus(object, { ...record(object.status), capacity });
    return;
  }
  const problem = bindingProblem(object, cluster);
  if (problem) {
    cluster.tell(object, { ...problem, by: 'persistentvolume-controller' });
    cluster.retry(object, 'bind', cluster.delays.retryMs);
    return;
  }
  if (!cluster.hasElapsed(object, 'bind', cluster.delays.volumeMs)) return;
  cluster.setStatus(object, { phase: 'Bound', accessModes: spec.accessModes ?? [], capacity });
}

/** A claim that is deleted goes as soon as no pod uses it. */
function release(object: KubernetesObject, cluster: BehaviourCluster): void {
  const { name, namespace = '', finalizers = [] } = object.metadata;
  const isUsed = cluster.store.list('/Pod', namespace).some((pod) => claimNamesOf(pod).includes(name));
  if (isUsed) return;
  if (finalizers.includes(claimProtection)) {
    cluster.setMetadata(object, { finalizers: finalizers.filter((each) => each !== claimProtection) });
  }
  cluster.finishDeletion(object);
}

/** Why no volume is made, in the words of the controller; null when one is. */
function bindingProblem(object: KubernetesObject, cluster: BehaviourCluster): Omit<Told, 'by'> | null {
  const { name, namespace = null } = object.metadata;
  const subject = { cluster: cluster.store.name, kind: object.kind, namespace, name, verb: null };
  const className = text(record(object.spec).storageClassName);
  if (className === '' || cluster.faults.take('noVolume', subject)) {
    const message = 'no persistent volumes available for this claim and no storage class is set';
    return { type: 'Normal', reason: 'FailedBinding', message };
  }
  if (cluster.store.get('storage.k8s.io/StorageClass', null, className)) return null;
  const message = `storageclass.storage.k8s.io "${className}" not found`;
  return { type: 'Warning', reason: 'ProvisioningFailed', message };
}
