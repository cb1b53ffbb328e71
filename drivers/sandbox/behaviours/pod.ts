import type { KubernetesObject } from '../../kubernetes/driver.js';
import { conditionOf, list, record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';
import { tellCrash, tellProbe, tellProblem, tellScheduling, tellStart } from './pod-events.js';
import { initialize } from './pod-init.js';
import {
  configProblem,
  crashingContainers,
  imageProblems,
  neverGetsReady,
  neverLives,
  neverReady,
  placementProblem,
} from './pod-problems.js';
import { type ContainerState, containerNames, restartsOf, setPodStatus, startedAt, statusOf } from './pod-status.js';

/**
 * PENDING until placed on a node; then CREATING while volumes, images and configuration are there or are waited for; then
 * RUNNING and ready. A container that crashes waits longer each time. The pod of a Job ends. Whatever a pod waits for is
 * looked at again, so that it recovers as soon as the reason is gone.
 */
export function pod(object: KubernetesObject, cluster: BehaviourCluster): void {
  const { delays } = cluster;
  const status = record(object.status);
  if (object.metadata.deletionTimestamp) {
    stop(object, cluster);
    return;
  }
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return;
  if (!place(object, cluster)) return;
  if (status.phase === 'Running' && !isCrashing(object)) {
    runOrCrash(object, cluster);
    return;
  }
  const images = imageProblems(object, cluster);
  if (!initialize(object, images, cluster)) return;
  const config = configProblem(object, cluster);
  if (images.size > 0 || config) {
    cluster.retry(object, 'start', delays.retryMs);
    tellProblem(object, images, config, cluster);
    const others: ContainerState = config
      ? { state: { waiting: config } }
      : { state: { running: { startedAt: cluster.now } } };
    setPodStatus(object, cluster, 'Pending', (name) => {
      const waiting = images.get(name);
      return waiting ? { state: { waiting } } : { ...others, startedAtStays: true };
    });
    return;
  }
  const isStarted = cluster.hasElapsed(object, 'start', delays.podStartMs);
  if (!isStarted) {
    tellStart(object, 'Pulling', cluster);
    setPodStatus(object, cluster, 'Pending', () => ({ state: { waiting: { reason: 'ContainerCreating' } } }));
    return;
  }
  const restarts = restartsOf(object);
  const backoffMs = Math.min(300_000, delays.crashMs * 2 ** Math.min(restarts, 20));
  if (isCrashing(object) && !cluster.hasElapsed(object, `restart-${restarts}`, backoffMs)) return;
  runOrCrash(object, cluster);
}

/** Places the pod on a node. True when it is on one. */
function place(object: KubernetesObject, cluster: BehaviourCluster): boolean {
  if (record(object.spec).nodeName !== undefined) return true;
  const problem = placementProblem(object, cluster);
  if (problem !== null) {
    if (conditionOf(object, 'PodScheduled')?.message !== problem) tellScheduling(object, problem, cluster);
    const scheduled = condition(object, cluster.now, 'PodScheduled', false, 'Unschedulable', problem);
    cluster.setStatus(object, { phase: 'Pending', conditions: [{ ...scheduled, lastProbeTime: null }] });
    cluster.retry(object, 'place', cluster.delays.retryMs);
    return false;
  }
  if (!cluster.hasElapsed(object, 'schedule', cluster.delays.scheduleMs)) return false;
  const nodes = cluster.store.list('/Node', null);
  const nodeName = nodes[cluster.random.below(nodes.length)]?.metadata.name ?? '';
  cluster.setSpec(object, { ...record(object.spec), nodeName });
  tellScheduling(object, null, cluster, nodeName);
  // The stored change calls again, for the pod as it is then.
  return false;
}

function runOrCrash(object: KubernetesObject, cluster: BehaviourCluster): void {
  const crashing = crashingContainers(object, cluster);
  if (crashing.size > 0) crash(object, crashing, cluster);
  else run(object, cluster);
}

function run(object: KubernetesObject, cluster: BehaviourCluster): void {
  const ownerKind = object.metadata.ownerReferences?.find((owner) => owner.controller)?.kind;
  const isWork = ownerKind === 'Job' && !neverGetsReady(object);
  if (isWork && cluster.hasElapsed(object, 'work', cluster.delays.jobMs)) {
    const terminated = (name: string) => ({
      exitCode: 0,
      reason: 'Completed',
      startedAt: startedAt(object, name) ?? cluster.now,
      finishedAt: cluster.now,
    });
    setPodStatus(object, cluster, 'Succeeded', (name) => ({ state: { terminated: terminated(name) } }));
    return;
  }
  if (record(object.status).phase !== 'Running') tellStart(object, 'Started', cluster);
  for (const { name, image, readinessProbe } of list(record(object.spec).containers).map(record)) {
    if (readinessProbe && neverReady(text(image))) tellProbe(object, text(name), 'Readiness', cluster);
  }
  setPodStatus(object, cluster, 'Running', () => ({
    state: { running: { startedAt: cluster.now } },
    startedAtStays: true,
  }));
}

function crash(object: KubernetesObject, crashing: ReadonlySet<string>, cluster: BehaviourCluster): void {
  const { now } = cluster;
  const killed = new Set(
    list(record(object.spec).containers)
      .map(record)
      .filter(({ image }) => neverLives(text(image)))
      .map(({ name }) => text(name)),
  );
  // 143: it was asked to end (128 + SIGTERM), and has nothing to say about it.
  const terminatedOf = (name: string) => ({
    ...(killed.has(name) ? { exitCode: 143 } : { exitCode: 1, message: 'panic: this container was told to crash' }),
    reason: 'Error',
    startedAt: now,
    finishedAt: now,
  });
  for (const name of killed) tellProbe(object, name, 'Liveness', cluster);
  const others: ContainerState = { state: { running: { startedAt: cluster.now } }, startedAtStays: true };
  if (record(object.status).phase !== 'Running') tellStart(object, 'Started', cluster);
  if (record(object.spec).restartPolicy === 'Never') {
    const isAll = containerNames(object).every((name) => crashing.has(name));
    setPodStatus(object, cluster, isAll ? 'Failed' : 'Running', (name) =>
      crashing.has(name) ? { state: { terminated: terminatedOf(name) } } : others,
    );
    return;
  }
  tellCrash(object, crashing, cluster);
  setPodStatus(object, cluster, 'Running', (name) => {
    if (!crashing.has(name)) return others;
    const message = `back-off restarting failed container=${name} pod=${object.metadata.name}`;
    return {
      state: { waiting: { reason: 'CrashLoopBackOff', message } },
      lastState: { terminated: terminatedOf(name) },
      restartCount: Number(statusOf(object, name).restartCount ?? 0) + 1,
    };
  });
  cluster.wake(object, cluster.delays.crashMs);
}

function stop(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (record(object.status).phase === 'Running') tellStart(object, 'Killing', cluster);
  if (cluster.hasElapsed(object, 'stop', cluster.delays.podStopMs)) cluster.finishDeletion(object);
}

function isCrashing(object: KubernetesObject): boolean {
  return list(record(object.status).containerStatuses).some(
    (each) => text(record(record(record(each).state).waiting).reason) === 'CrashLoopBackOff',
  );
}
