import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, number, record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { isReady, livePodsOf, podFrom, podsOf, templateHash } from './pods-of.js';
import { claimsOf, controller, isMade, keepClaims, makeClaims } from './stateful-claims.js';

/**
 * Numbered pods, each with claims of its own that stay when the pod goes. One at a time: the next is made when the one before
 * is ready, and on an update the highest of an older revision is replaced first.
 */
export function statefulSet(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  const spec = record(object.spec);
  const desired = number(spec.replicas, 1);
  const revision = `${object.metadata.name}-${templateHash(object)}`;
  step(object, desired, revision, cluster);
  keepClaims(object, desired, cluster);

  const pods = livePodsOf(object, cluster);
  const ready = pods.filter(isReady).length;
  const updated = pods.filter((pod) => revisionOf(pod) === revision).length;
  const isUpdated = updated >= desired && ready >= desired;
  const before = text(record(object.status).currentRevision);
  cluster.setStatus(object, {
    observedGeneration: object.metadata.generation,
    replicas: pods.length,
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    ...(updated > 0 ? { updatedReplicas: updated } : {}),
    currentReplicas: isUpdated ? updated : pods.length - updated,
    currentRevision: isUpdated || !before ? revision : before,
    updateRevision: revision,
  });
}

function step(object: KubernetesObject, desired: number, revision: string, cluster: BehaviourCluster): void {
  const spec = record(object.spec);
  const isParallel = spec.podManagementPolicy === 'Parallel';
  const existing = new Map(podsOf(object, cluster).map((pod) => [pod.metadata.name, pod]));
  for (let ordinal = 0; ordinal < desired; ordinal += 1) {
    const name = `${object.metadata.name}-${ordinal}`;
    const pod = existing.get(name);
    if (!pod && !makePod(object, ordinal, revision, cluster)) return;
    // A pod of an older revision that is not ready would block the update for ever.
    const isStuck = pod && !isReady(pod) && revisionOf(pod) !== revision && !pod.metadata.deletionTimestamp;
    if (isStuck) removePod(object, pod, cluster);
    if (!isParallel && !(pod && isReady(pod))) return;
  }
  const live = livePodsOf(object, cluster);
  const excess = live.filter((pod) => ordinalOf(pod) >= desired).sort((a, b) => ordinalOf(b) - ordinalOf(a));
  for (const pod of isParallel ? excess : excess.slice(0, 1)) removePod(object, pod, cluster);
  const strategy = record(spec.updateStrategy);
  if (excess.length > 0 || strategy.type === 'OnDelete' || !live.every(isReady)) return;
  const partition = number(record(strategy.rollingUpdate).partition, 0);
  const old = live.filter((pod) => revisionOf(pod) !== revision && ordinalOf(pod) >= partition);
  const next = old.sort((a, b) => ordinalOf(b) - ordinalOf(a))[0];
  if (next) removePod(object, next, cluster);
}

/** Returns false when the cluster did not admit it; then it is tried again later. */
function makePod(object: KubernetesObject, ordinal: number, revision: string, cluster: BehaviourCluster): boolean {
  const spec = record(object.spec);
  const name = `${object.metadata.name}-${ordinal}`;
  if (!makeClaims(object, name, cluster)) return false;
  const volumes = [
    ...list(record(record(spec.template).spec).volumes),
    ...claimsOf(object, name).map(({ volume, claim }) => ({
      name: volume,
      persistentVolumeClaim: { claimName: claim },
    })),
  ];
  const labels = {
    'controller-revision-hash': revision,
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(ordinal),
  };
  const wanted = podFrom(object, name, labels, { hostname: name, ...(volumes.length > 0 ? { volumes } : {}) });
  return isMade(object, cluster.create(wanted, object), `Pod ${name}`, cluster);
}

function removePod(object: KubernetesObject, pod: KubernetesObject, cluster: BehaviourCluster): void {
  if (pod.metadata.deletionTimestamp) return;
  cluster.delete(pod);
  const message = `Delete Pod ${pod.metadata.name} in StatefulSet ${object.metadata.name} successful`;
  cluster.tell(object, { type: 'Normal', reason: 'SuccessfulDelete', message, by: controller });
}

function revisionOf(pod: KubernetesObject): string {
  return pod.metadata.labels?.['controller-revision-hash'] ?? '';
}

function ordinalOf(pod: KubernetesObject): number {
  return Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1));
}
