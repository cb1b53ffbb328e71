import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, number, record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { isReady, livePodsOf, podFrom, podsOf, templateHash } from './pods-of.js';

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
    if (!pod) makePod(object, ordinal, revision, cluster);
    // A pod of an older revision that is not ready would block the update for ever.
    const isStuck = pod && !isReady(pod) && revisionOf(pod) !== revision && !pod.metadata.deletionTimestamp;
    if (isStuck) cluster.delete(pod);
    if (!isParallel && !(pod && isReady(pod))) return;
  }
  const live = livePodsOf(object, cluster);
  const excess = live.filter((pod) => ordinalOf(pod) >= desired).sort((a, b) => ordinalOf(b) - ordinalOf(a));
  for (const pod of isParallel ? excess : excess.slice(0, 1)) cluster.delete(pod);
  const strategy = record(spec.updateStrategy);
  if (excess.length > 0 || strategy.type === 'OnDelete' || !live.every(isReady)) return;
  const partition = number(record(strategy.rollingUpdate).partition, 0);
  const old = live.filter((pod) => revisionOf(pod) !== revision && ordinalOf(pod) >= partition);
  const next = old.sort((a, b) => ordinalOf(b) - ordinalOf(a))[0];
  if (next) cluster.delete(next);
}

function makePod(object: KubernetesObject, ordinal: number, revision: string, cluster: BehaviourCluster): void {
  const spec = record(object.spec);
  const name = `${object.metadata.name}-${ordinal}`;
  const namespace = object.metadata.namespace ?? '';
  const claims = list(spec.volumeClaimTemplates)
    .map(record)
    .map((template) => {
      const volume = text(record(template.metadata).name);
      return { volume, claim: `${volume}-${name}`, template };
    });
  for (const { claim, template } of claims) {
    if (cluster.store.get('/PersistentVolumeClaim', namespace, claim)) continue;
    const { labels, annotations } = record(template.metadata) as {
      labels?: Record<string, string>;
      annotations?: Record<string, string>;
    };
    const matchLabels = record(record(spec.selector).matchLabels) as Record<string, string>;
    cluster.create({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: claim,
        namespace,
        labels: { ...labels, ...matchLabels },
        ...(annotations ? { annotations } : {}),
      },
      spec: { storageClassName: 'standard', volumeMode: 'Filesystem', ...record(template.spec) },
      status: { phase: 'Pending' },
    });
  }
  const volumes = [
    ...list(record(record(spec.template).spec).volumes),
    ...claims.map(({ volume, claim }) => ({ name: volume, persistentVolumeClaim: { claimName: claim } })),
  ];
  const labels = {
    'controller-revision-hash': revision,
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(ordinal),
  };
  cluster.create(podFrom(object, name, labels, { hostname: name, ...(volumes.length > 0 ? { volumes } : {}) }), object);
}

function revisionOf(pod: KubernetesObject): string {
  return pod.metadata.labels?.['controller-revision-hash'] ?? '';
}

function ordinalOf(pod: KubernetesObject): number {
  return Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1));
}
