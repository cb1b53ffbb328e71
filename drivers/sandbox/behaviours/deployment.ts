import type { KubernetesObject } from '../../kubernetes/driver.js';
import { number, record } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';
import { templateHash } from './pods-of.js';

/** A ReplicaSet per pod template. The new one grows at once, the old ones go when it is available (Recreate: the other way round). */
export function deployment(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  const spec = record(object.spec);
  const desired = number(spec.replicas, 1);
  const hash = templateHash(object);
  const name = `${object.metadata.name}-${hash}`;
  const sets = replicaSetsOf(object, cluster);
  const old = sets.filter((set) => set.metadata.name !== name);
  const isRecreate = record(spec.strategy).type === 'Recreate';
  const isOldGone = old.every(
    (set) => number(record(set.status).replicas, 0) === 0 && number(record(set.spec).replicas, 0) === 0,
  );
  const current = sets.find((set) => set.metadata.name === name) ?? null;

  if (spec.paused !== true) {
    if (current === null && (!isRecreate || isOldGone))
      cluster.create(replicaSetFrom(object, name, hash, desired), object);
    if (current !== null) scale(current, desired, cluster);
    const isNewReady = current !== null && number(record(current.status).availableReplicas, 0) >= desired;
    if (isRecreate || isNewReady) for (const set of old) scale(set, 0, cluster);
    if (isNewReady && isOldGone)
      for (const set of old.slice(0, -number(spec.revisionHistoryLimit, 10) || undefined)) cluster.delete(set);
  }
  setStatus(object, name, desired, cluster);
}

function setStatus(object: KubernetesObject, name: string, desired: number, cluster: BehaviourCluster): void {
  const sets = replicaSetsOf(object, cluster);
  const sum = (field: string) => sets.reduce((total, set) => total + number(record(set.status)[field], 0), 0);
  const current = sets.find((set) => set.metadata.name === name);
  const replicas = sum('replicas');
  const ready = sum('readyReplicas');
  const available = sum('availableReplicas');
  const isAvailable = available >= desired;
  const updated = number(record(current?.status).replicas, 0);
  const isDone =
    updated >= desired && number(record(current?.status).availableReplicas, 0) >= desired && replicas === updated;
  cluster.setStatus(object, {
    observedGeneration: object.metadata.generation,
    ...(replicas > 0 ? { replicas } : {}),
    ...(updated > 0 ? { updatedReplicas: updated } : {}),
    ...(ready > 0 ? { readyReplicas: ready } : {}),
    ...(available > 0 ? { availableReplicas: available } : {}),
    ...(available < desired ? { unavailableReplicas: desired - available } : {}),
    conditions: [
      isAvailable
        ? condition(
            object,
            cluster.now,
            'Available',
            true,
            'MinimumReplicasAvailable',
            'Deployment has minimum availability.',
          )
        : condition(
            object,
            cluster.now,
            'Available',
            false,
            'MinimumReplicasUnavailable',
            'Deployment does not have minimum availability.',
          ),
      isDone
        ? condition(
            object,
            cluster.now,
            'Progressing',
            true,
            'NewReplicaSetAvailable',
            `ReplicaSet "${name}" has successfully progressed.`,
          )
        : condition(
            object,
            cluster.now,
            'Progressing',
            true,
            'ReplicaSetUpdated',
            `ReplicaSet "${name}" is progressing.`,
          ),
    ],
  });
}

/** Oldest first. */
function replicaSetsOf(object: KubernetesObject, cluster: BehaviourCluster): readonly KubernetesObject[] {
  return cluster.store
    .dependents(object.metadata.uid ?? '')
    .filter((each) => each.kind === 'ReplicaSet')
    .sort((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1));
}

function scale(set: KubernetesObject, replicas: number, cluster: BehaviourCluster): void {
  if (number(record(set.spec).replicas, 0) !== replicas) cluster.setSpec(set, { ...record(set.spec), replicas });
}

function replicaSetFrom(object: KubernetesObject, name: string, hash: string, replicas: number): KubernetesObject {
  const { selector, template } = record(object.spec);
  const label = { 'pod-template-hash': hash };
  const metadata = record(record(template).metadata);
  const labels = { ...(record(metadata.labels) as Record<string, string>), ...label };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
      labels,
    },
    spec: {
      replicas,
      selector: { ...record(selector), matchLabels: { ...record(record(selector).matchLabels), ...label } },
      template: { ...record(template), metadata: { ...metadata, labels } },
    },
    status: {},
  };
}
