import type { KubernetesObject } from '../../kubernetes/driver.js';
import { conditionOf, list, number, record } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';

export interface DeploymentState {
  /** Of the ReplicaSet of the present template. */
  readonly name: string;
  readonly desired: number;
  readonly sets: readonly KubernetesObject[];
  /** Why that ReplicaSet was not admitted; null when it was. */
  readonly refusal: string | null;
}

/** Counts, and the conditions Available, Progressing and ReplicaFailure, in the words of the deployment controller. */
export function setDeploymentStatus(object: KubernetesObject, state: DeploymentState, cluster: BehaviourCluster): void {
  const { sets, desired } = state;
  const sum = (field: string) => sets.reduce((total, set) => total + number(record(set.status)[field], 0), 0);
  const current = sets.find((set) => set.metadata.name === state.name);
  const counts: Counts = {
    replicas: sum('replicas'),
    updatedReplicas: number(record(current?.status).replicas, 0),
    readyReplicas: sum('readyReplicas'),
    availableReplicas: sum('availableReplicas'),
  };
  const missing = Math.max(0, desired - counts.availableReplicas);
  cluster.setStatus(object, {
    observedGeneration: object.metadata.generation,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    ...(missing > 0 ? { unavailableReplicas: missing } : {}),
    conditions: [
      availability(object, missing <= limitOfMissing(object, desired), cluster),
      progress(object, state, counts, current ?? null, cluster),
      ...failures(sets),
    ],
  });
}

interface Counts {
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
}

type Condition = Readonly<Record<string, unknown>>;

/** As many may be missing as maxUnavailable says. */
function limitOfMissing(object: KubernetesObject, desired: number): number {
  const { strategy } = record(object.spec);
  if (record(strategy).type === 'Recreate') return 0;
  const { maxUnavailable = '25%' } = record(record(strategy).rollingUpdate);
  if (typeof maxUnavailable === 'number') return maxUnavailable;
  return Math.floor((Number.parseFloat(String(maxUnavailable)) / 100) * desired);
}

function availability(object: KubernetesObject, isAvailable: boolean, cluster: BehaviourCluster): Condition {
  const said = isAvailable
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
      );
  return { ...said, lastUpdateTime: said.lastTransitionTime };
}

/** Progress is anything that grew. Without any for progressDeadlineSeconds the roll-out is said to have failed. */
function progress(
  object: KubernetesObject,
  { name, desired, refusal }: DeploymentState,
  counts: Counts,
  current: KubernetesObject | null,
  cluster: BehaviourCluster,
): Condition {
  const status = record(object.status);
  const before = list(status.conditions)
    .map(record)
    .find(({ type }) => type === 'Progressing');
  const say = (isTrue: boolean, reason: string, message: string, isNew: boolean): Condition => {
    const said = condition(object, cluster.now, 'Progressing', isTrue, reason, message);
    const isSame = before?.reason === reason && before.message === message && !isNew;
    return { ...said, lastUpdateTime: isSame ? before.lastUpdateTime : cluster.now };
  };
  if (refusal !== null) return say(false, 'ReplicaSetCreateError', refusal, false);
  const available = number(record(current?.status).availableReplicas, 0);
  const isDone =
    counts.updatedReplicas >= desired && available >= desired && counts.replicas === counts.updatedReplicas;
  if (isDone) return say(true, 'NewReplicaSetAvailable', `ReplicaSet "${name}" has successfully progressed.`, false);

  // What was available once and lost a pod since is not being rolled out.
  const isRolledOut = before?.reason === 'NewReplicaSetAvailable' && String(before.message).includes(`"${name}"`);
  if (before && isRolledOut && counts.replicas === counts.updatedReplicas) return before;
  const grew = (['updatedReplicas', 'readyReplicas', 'availableReplicas'] as const).some(
    (field) => counts[field] > number(status[field], 0),
  );
  const shrank =
    counts.replicas - counts.updatedReplicas < number(status.replicas, 0) - number(status.updatedReplicas, 0);
  const updated = `ReplicaSet "${name}" is progressing.`;
  if (grew || shrank) return say(true, 'ReplicaSetUpdated', updated, true);
  if (!before || !String(before.message).includes(`"${name}"`)) {
    return say(true, 'NewReplicaSetCreated', `Created new replica set "${name}"`, true);
  }
  const deadlineMs = number(record(object.spec).progressDeadlineSeconds, 600) * 1000;
  const leftMs = Date.parse(String(before.lastUpdateTime ?? cluster.now)) + deadlineMs - cluster.nowMs;
  if (before.reason === 'ProgressDeadlineExceeded' || leftMs <= 0) {
    return say(false, 'ProgressDeadlineExceeded', `ReplicaSet "${name}" has timed out progressing.`, false);
  }
  cluster.wake(object, leftMs);
  return before;
}

function failures(sets: readonly KubernetesObject[]): readonly Condition[] {
  const failed = sets.find((set) => conditionOf(set, 'ReplicaFailure')?.status === 'True');
  const failure = list(record(failed?.status).conditions).map(record)[0];
  return failure ? [{ ...failure, lastUpdateTime: failure.lastTransitionTime }] : [];
}
