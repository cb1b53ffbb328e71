import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';
import { configProblem, crashes, imageProblem, neverGetsReady, placementProblem } from './pod-problems.js';

/**
 * PENDING until placed on a node; then CREATING while volumes, images and configuration are there or are waited for; then
 * RUNNING and ready. A container that crashes waits longer each time. The pod of a Job ends. Whatever a pod waits for is
 * looked at again, so that it recovers as soon as the reason is gone.
 */
export function pod(object: KubernetesObject, cluster: BehaviourCluster): void {
  const { delays } = cluster;
  const status = record(object.status);
  if (object.metadata.deletionTimestamp) {
    if (cluster.hasElapsed(object, 'stop', delays.podStopMs)) cluster.finishDeletion(object);
    return;
  }
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return;

  const placed = place(object, cluster);
  if (!placed) return;
  if (status.phase === 'Running' && !isCrashing(status)) {
    if (crashes(placed, cluster)) {
      crash(placed, cluster);
      return;
    }
    run(placed, cluster);
    return;
  }
  const problem = imageProblem(placed, cluster) ?? configProblem(placed, cluster);
  if (problem) {
    cluster.wake(placed, delays.retryMs);
    setPhase(placed, cluster, 'Pending', { waiting: problem });
    return;
  }
  if (!cluster.hasElapsed(placed, 'start', delays.podStartMs)) {
    setPhase(placed, cluster, 'Pending', { waiting: { reason: 'ContainerCreating' } });
    return;
  }
  const restarts = restartsOf(status);
  const backoffMs = Math.min(300_000, delays.crashMs * 2 ** Math.min(restarts, 20));
  if (isCrashing(status) && !cluster.hasElapsed(placed, `restart-${restarts}`, backoffMs)) return;
  if (crashes(placed, cluster)) {
    crash(placed, cluster);
    return;
  }
  run(placed, cluster);
}

function place(object: KubernetesObject, cluster: BehaviourCluster): KubernetesObject | null {
  if (record(object.spec).nodeName !== undefined) return object;
  const problem = placementProblem(object, cluster);
  if (problem !== null) {
    const scheduled = condition(object, cluster.now, 'PodScheduled', false, 'Unschedulable', problem);
    cluster.setStatus(object, { phase: 'Pending', conditions: [scheduled] });
    cluster.wake(object, cluster.delays.retryMs);
    return null;
  }
  if (!cluster.hasElapsed(object, 'schedule', cluster.delays.scheduleMs)) return null;
  const nodes = cluster.store.list('/Node', null);
  const nodeName = nodes[cluster.random.below(nodes.length)]?.metadata.name ?? '';
  cluster.setSpec(object, { ...record(object.spec), nodeName });
  // The stored change calls again, for the pod as it is then.
  return null;
}

function run(object: KubernetesObject, cluster: BehaviourCluster): void {
  const ownerKind = object.metadata.ownerReferences?.find((owner) => owner.controller)?.kind;
  if (ownerKind === 'Job' && cluster.hasElapsed(object, 'work', cluster.delays.jobMs)) {
    setPhase(object, cluster, 'Succeeded', { terminated: { exitCode: 0, reason: 'Completed' } });
    return;
  }
  setPhase(object, cluster, 'Running', { running: { startedAt: startedAt(object) ?? cluster.now } });
}

function crash(object: KubernetesObject, cluster: BehaviourCluster): void {
  const terminated = {
    exitCode: 1,
    reason: 'Error',
    message: 'panic: this container was told to crash',
    finishedAt: cluster.now,
  };
  if (record(object.spec).restartPolicy === 'Never') {
    setPhase(object, cluster, 'Failed', { terminated });
    return;
  }
  const names = list(record(object.spec).containers).map((container) => text(record(container).name));
  const waiting = {
    reason: 'CrashLoopBackOff',
    message: `back-off restarting failed container=${names[0] ?? ''} pod=${object.metadata.name}`,
  };
  setPhase(object, cluster, 'Running', { waiting }, { terminated }, restartsOf(record(object.status)) + 1);
  cluster.wake(object, cluster.delays.crashMs);
}

/** All containers of a pod share its fate here: one that does not work holds back the others' readiness anyway. */
function setPhase(
  object: KubernetesObject,
  cluster: BehaviourCluster,
  phase: string,
  state: Readonly<Record<string, unknown>>,
  lastState: Readonly<Record<string, unknown>> = record(record(statusesOf(object)[0]).lastState),
  restartCount = restartsOf(record(object.status)),
): void {
  const isRunning = 'running' in state;
  const isReady = isRunning && !neverGetsReady(object);
  const { now } = cluster;
  const why = isReady ? '' : phase === 'Succeeded' ? 'PodCompleted' : 'ContainersNotReady';
  cluster.setStatus(object, {
    phase,
    conditions: [
      condition(object, now, 'PodScheduled', true, ''),
      condition(object, now, 'Initialized', true, ''),
      condition(object, now, 'ContainersReady', isReady, why),
      condition(object, now, 'Ready', isReady, why),
    ],
    startTime: record(object.status).startTime ?? now,
    ...(isRunning ? { podIP: addressOf(object) } : {}),
    containerStatuses: list(record(object.spec).containers)
      .map(record)
      .map(({ name, image }) => ({
        name,
        image,
        ready: isReady,
        started: isRunning,
        restartCount,
        state,
        lastState,
      })),
  });
}

function statusesOf(object: KubernetesObject): readonly unknown[] {
  return list(record(object.status).containerStatuses);
}

function isCrashing(status: Readonly<Record<string, unknown>>): boolean {
  const state = record(record(list(status.containerStatuses)[0]).state);
  return record(state.waiting).reason === 'CrashLoopBackOff';
}

function restartsOf(status: Readonly<Record<string, unknown>>): number {
  const count = record(list(status.containerStatuses)[0]).restartCount;
  return typeof count === 'number' ? count : 0;
}

function startedAt(object: KubernetesObject): string | null {
  return text(record(record(record(statusesOf(object)[0]).state).running).startedAt) || null;
}

/** An address of 10.244.0.0/16 that follows from the uid. */
function addressOf(object: KubernetesObject): string {
  const bits = Number.parseInt((object.metadata.uid ?? '').slice(0, 4), 16) || 1;
  return `10.244.${bits >> 8}.${bits & 255}`;
}
