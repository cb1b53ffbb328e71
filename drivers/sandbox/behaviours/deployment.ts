import type { KubernetesObject } from '../../kubernetes/driver.js';
import { number, record } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { setDeploymentStatus } from './deployment-status.js';
import { templateHash } from './pods-of.js';

/**
 * A ReplicaSet per pod template. The new one grows and the old ones shrink within maxSurge and maxUnavailable; Recreate
 * empties the old ones first. Of those that are empty the newest are kept.
 */
export function deployment(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  const spec = record(object.spec);
  const desired = number(spec.replicas, 1);
  const name = `${object.metadata.name}-${templateHash(object)}`;
  const old = replicaSetsOf(object, cluster).filter((set) => set.metadata.name !== name);
  const isRecreate = record(spec.strategy).type === 'Recreate';
  const isOldGone = old.every((set) => replicasOf(set) === 0 && statusOf(set, 'replicas') === 0);

  let refusal: string | null = null;
  if (spec.paused !== true) {
    const limits = limitsOf(spec, desired);
    if (isRecreate) for (const set of old) scale(object, set, 0, cluster);
    if (!isRecreate || isOldGone) refusal = grow(object, name, desired, isRecreate ? 0 : limits.maxSurge, cluster);
    if (!isRecreate) shrink(object, name, desired, limits.maxUnavailable, cluster);
    const current = replicaSetsOf(object, cluster).find((set) => set.metadata.name === name);
    const isNewReady = current !== undefined && statusOf(current, 'availableReplicas') >= desired;
    if (isNewReady && isOldGone) {
      const kept = number(spec.revisionHistoryLimit, 10);
      for (const set of old.slice(0, Math.max(0, old.length - kept))) cluster.delete(set);
    }
  }
  setDeploymentStatus(object, { name, desired, sets: replicaSetsOf(object, cluster), refusal }, cluster);
}

/** Makes the new ReplicaSet or lets it grow. Returns what the API server said when it was not admitted. */
function grow(
  object: KubernetesObject,
  name: string,
  desired: number,
  maxSurge: number,
  cluster: BehaviourCluster,
): string | null {
  const sets = replicaSetsOf(object, cluster);
  const current = sets.find((set) => set.metadata.name === name);
  const total = sets.reduce((sum, set) => sum + replicasOf(set), 0);
  const isAlone = sets.every((set) => set === current || replicasOf(set) === 0);
  const room = Math.max(0, desired + maxSurge - total);
  const before = current ? replicasOf(current) : 0;
  const after = isAlone || before >= desired ? desired : Math.min(desired, before + room);
  const newest = Math.max(0, ...sets.map(revisionOf));
  if (current) {
    if (revisionOf(current) < newest) {
      setRevision(current, newest + 1, cluster);
      setRevision(object, newest + 1, cluster);
    }
    scale(object, current, after, cluster);
    return null;
  }
  const made = cluster.create(replicaSetFrom(object, name, after, newest + 1), object);
  if (made instanceof Error) {
    const message = `Failed to create new replica set "${name}": ${made.message}`;
    cluster.tell(object, { type: 'Warning', reason: 'ReplicaSetCreateError', message, by: controller });
    cluster.retry(object, 'create', cluster.delays.retryMs);
    return made.message;
  }
  cluster.succeed(object, 'create');
  setRevision(object, newest + 1, cluster);
  tellScaled(object, name, 0, after, cluster);
  return null;
}

function setRevision(object: KubernetesObject, revision: number, cluster: BehaviourCluster): void {
  cluster.setMetadata(object, { annotations: { ...object.metadata.annotations, [revisionKey]: String(revision) } });
}

/** Takes from the old ReplicaSets what is not ready anyway, and then as much as may be missing. */
function shrink(
  object: KubernetesObject,
  name: string,
  desired: number,
  maxUnavailable: number,
  cluster: BehaviourCluster,
): void {
  const sets = replicaSetsOf(object, cluster);
  const old = sets.filter((set) => set.metadata.name !== name && replicasOf(set) > 0);
  const current = sets.find((set) => set.metadata.name === name);
  if (old.length === 0 || !current) return;
  const total = sets.reduce((sum, set) => sum + replicasOf(set), 0);
  const unavailable = Math.max(0, replicasOf(current) - statusOf(current, 'availableReplicas'));
  let left = total - (desired - maxUnavailable) - unavailable;
  const taken = new Map(old.map((set) => [set, 0]));
  const take = (set: KubernetesObject, most: number) => {
    const count = Math.max(0, Math.min(left, most, replicasOf(set) - (taken.get(set) ?? 0)));
    taken.set(set, (taken.get(set) ?? 0) + count);
    left -= count;
  };
  for (const set of old) take(set, replicasOf(set) - statusOf(set, 'availableReplicas'));
  const available = sets.reduce((sum, set) => sum + statusOf(set, 'availableReplicas'), 0);
  left = Math.min(left, available - (desired - maxUnavailable));
  for (const set of old) take(set, replicasOf(set));
  for (const [set, count] of taken) scale(object, set, replicasOf(set) - count, cluster);
}

/** Oldest first. */
function replicaSetsOf(object: KubernetesObject, cluster: BehaviourCluster): readonly KubernetesObject[] {
  return cluster.store
    .dependents(object.metadata.uid ?? '')
    .filter((each) => each.kind === 'ReplicaSet' && !each.metadata.deletionTimestamp)
    .sort((a, b) => revisionOf(a) - revisionOf(b));
}

function scale(object: KubernetesObject, set: KubernetesObject, replicas: number, cluster: BehaviourCluster): void {
  const before = replicasOf(set);
  if (before === replicas) return;
  cluster.setSpec(set, { ...record(set.spec), replicas });
  tellScaled(object, set.metadata.name, before, replicas, cluster);
}

function tellScaled(object: KubernetesObject, set: string, from: number, to: number, cluster: BehaviourCluster): void {
  if (from === to) return;
  const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${set} from ${from} to ${to}`;
  cluster.tell(object, { type: 'Normal', reason: 'ScalingReplicaSet', message, by: controller });
}

const controller = 'deployment-controller';
const revisionKey = 'deployment.kubernetes.io/revision';

function revisionOf(set: KubernetesObject): number {
  return Number(set.metadata.annotations?.[revisionKey] ?? 0);
}

function replicasOf(set: KubernetesObject): number {
  return number(record(set.spec).replicas, 0);
}

function statusOf(set: KubernetesObject, field: string): number {
  return number(record(set.status)[field], 0);
}

/** Shares round up for what may be more, and down for what may be missing; they are never both nothing. */
function limitsOf(spec: Readonly<Record<string, unknown>>, desired: number) {
  const { maxSurge = '25%', maxUnavailable = '25%' } = record(record(spec.strategy).rollingUpdate);
  const surge = Math.ceil(shareOf(maxSurge, desired));
  const unavailable = Math.floor(shareOf(maxUnavailable, desired));
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function shareOf(value: unknown, desired: number): number {
  return typeof value === 'number' ? value : (Number.parseFloat(String(value)) / 100) * desired;
}

function replicaSetFrom(object: KubernetesObject, name: string, replicas: number, revision: number): KubernetesObject {
  const { selector, template } = record(object.spec);
  const label = { 'pod-template-hash': templateHash(object) };
  const metadata = record(record(template).metadata);
  const labels = { ...(record(metadata.labels) as Record<string, string>), ...label };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
      labels,
      annotations: { [revisionKey]: String(revision) },
    },
    spec: {
      replicas,
      selector: { ...record(selector), matchLabels: { ...record(record(selector).matchLabels), ...label } },
      template: { ...record(template), metadata: { ...metadata, labels } },
    },
    status: {},
  };
}
