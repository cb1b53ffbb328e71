import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';
import { neverReady } from './pod-problems.js';

/** What a container does; what is left out stays as it was. */
export interface ContainerState {
  /** `waiting`, `running` or `terminated`. */
  readonly state: Readonly<Record<string, unknown>>;
  readonly lastState?: Readonly<Record<string, unknown>>;
  readonly restartCount?: number;
  /** A container that runs already has not been started now. */
  readonly startedAtStays?: boolean;
}

/** Stores a phase and what each container does in it, with the conditions that follow. */
export function setPodStatus(
  object: KubernetesObject,
  cluster: BehaviourCluster,
  phase: string,
  stateOf: (container: string) => ContainerState,
): void {
  const containers = list(record(object.spec).containers).map(record);
  const containerStatuses = containers.map((container) => statusFrom(object, container, stateOf(text(container.name))));
  const isReady = containerStatuses.every(({ ready }) => ready);
  const isStarted = phase !== 'Pending' || containerStatuses.some(({ started }) => started);
  const why = isReady ? '' : phase === 'Succeeded' ? 'PodCompleted' : 'ContainersNotReady';
  const { now } = cluster;
  const unready = containerStatuses.filter(({ ready }) => !ready).map(({ name }) => name);
  const message = why === 'ContainersNotReady' ? `containers with unready status: [${unready.join(' ')}]` : '';
  const before = record(object.status);
  const initial = list(record(object.spec).initContainers).map(record);
  cluster.setStatus(object, {
    phase,
    conditions: [
      condition(object, now, 'PodScheduled', true, ''),
      condition(object, now, 'Initialized', true, ''),
      condition(object, now, 'ContainersReady', isReady, why, message),
      condition(object, now, 'Ready', isReady, why, message),
    ],
    startTime: before.startTime ?? now,
    ...(isStarted ? { podIP: addressOf(object) } : {}),
    ...(initial.length > 0 && isStarted
      ? { initContainerStatuses: initial.map((each) => doneBefore(object, each) ?? completedInit(each, now)) }
      : {}),
    containerStatuses,
  });
}

/** The status of one container as it was last; empty when it has none. */
export function statusOf(object: KubernetesObject, container: string): Readonly<Record<string, unknown>> {
  const { containerStatuses, initContainerStatuses } = record(object.status);
  const all = [...list(initContainerStatuses), ...list(containerStatuses)].map(record);
  return all.find(({ name }) => name === container) ?? {};
}

/** How often the container that was restarted most was restarted. */
export function restartsOf(object: KubernetesObject): number {
  return Math.max(0, ...list(record(object.status).containerStatuses).map((each) => Number(record(each).restartCount)));
}

export function startedAt(object: KubernetesObject, container: string): string | null {
  return text(record(record(statusOf(object, container).state).running).startedAt) || null;
}

export function containerNames(object: KubernetesObject): readonly string[] {
  return list(record(object.spec).containers).map((container) => text(record(container).name));
}

function statusFrom(
  object: KubernetesObject,
  container: Readonly<Record<string, unknown>>,
  { state, lastState, restartCount, startedAtStays }: ContainerState,
) {
  const name = text(container.name);
  const before = statusOf(object, name);
  const since = startedAtStays && 'running' in state ? startedAt(object, name) : null;
  const started = 'running' in state;
  return {
    name,
    image: container.image,
    ready: started && !neverReady(text(container.image)),
    started,
    restartCount: restartCount ?? Number(before.restartCount ?? 0),
    state: since === null ? state : { running: { startedAt: since } },
    lastState: lastState ?? record(before.lastState),
  };
}

function doneBefore(object: KubernetesObject, { name }: Readonly<Record<string, unknown>>) {
  const before = statusOf(object, text(name));
  return record(record(before.state).terminated).exitCode === 0 ? before : null;
}

/** Init containers have done their work as soon as the others start. */
export function completedInit(container: Readonly<Record<string, unknown>>, now: string) {
  const terminated = { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now };
  const { name, image } = container;
  return { name, image, ready: true, started: false, restartCount: 0, state: { terminated }, lastState: {} };
}

/** An address of 10.244.0.0/16 that follows from the uid. */
function addressOf(object: KubernetesObject): string {
  const bits = Number.parseInt((object.metadata.uid ?? '').slice(0, 4), 16) || 1;
  return `10.244.${bits >> 8}.${bits & 255}`;
}
