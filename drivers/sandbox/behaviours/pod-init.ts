import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';
import { tellCrash, tellProblem } from './pod-events.js';
import { crashes, type Waiting } from './pod-problems.js';
import { completedInit, statusOf } from './pod-status.js';

/**
 * The containers that come first, one after the other. True when all have done their work, which takes no time. One whose
 * image cannot be had (`images`) or that crashes keeps all that come after it.
 */
export function initialize(
  object: KubernetesObject,
  images: ReadonlyMap<string, Waiting>,
  cluster: BehaviourCluster,
): boolean {
  const initial = list(record(object.spec).initContainers).map(record);
  const at = initial.findIndex(({ name, image }) => images.has(text(name)) || crashes(text(image)));
  const stuck = initial[at];
  if (!stuck) return true;
  const waiting = images.get(text(stuck.name));
  if (waiting) {
    cluster.retry(object, 'start', cluster.delays.retryMs);
    tellProblem(object, new Map([[text(stuck.name), waiting]]), null, cluster);
    store(object, at, { state: { waiting }, restartCount: 0, lastState: {} }, cluster);
    return false;
  }
  const restarts = Number(statusOf(object, text(stuck.name)).restartCount ?? -1);
  const backoffMs = Math.min(300_000, cluster.delays.crashMs * 2 ** Math.min(Math.max(0, restarts), 20));
  if (restarts >= 0 && !cluster.hasElapsed(object, `init-${restarts}`, backoffMs)) return false;
  const terminated = { exitCode: 1, reason: 'Error', message: CRASH, startedAt: cluster.now, finishedAt: cluster.now };
  const message = `back-off restarting failed container=${text(stuck.name)} pod=${object.metadata.name}`;
  tellCrash(object, new Set([text(stuck.name)]), cluster);
  const state = { waiting: { reason: 'CrashLoopBackOff', message } };
  store(object, at, { state, restartCount: restarts + 1, lastState: { terminated } }, cluster);
  cluster.wake(object, cluster.delays.crashMs);
  return false;
}

const CRASH = 'panic: this container was told to crash';

interface InitState {
  readonly state: Readonly<Record<string, unknown>>;
  readonly restartCount: number;
  readonly lastState: Readonly<Record<string, unknown>>;
}

function store(object: KubernetesObject, at: number, stuck: InitState, cluster: BehaviourCluster): void {
  const { now } = cluster;
  const spec = record(object.spec);
  const initial = list(spec.initContainers).map(record);
  const containers = list(spec.containers).map(record);
  const waits = { state: { waiting: { reason: 'PodInitializing' } }, restartCount: 0, lastState: {} };
  const status = (container: Readonly<Record<string, unknown>>, state: InitState) => {
    const { name, image } = container;
    return { name, image, ready: false, started: false, ...state };
  };
  const names = (some: readonly Readonly<Record<string, unknown>>[]) => some.map(({ name }) => text(name)).join(' ');
  const incomplete = `containers with incomplete status: [${names(initial.slice(at))}]`;
  const unready = `containers with unready status: [${names(containers)}]`;
  cluster.setStatus(object, {
    phase: 'Pending',
    conditions: [
      condition(object, now, 'PodScheduled', true, ''),
      condition(object, now, 'Initialized', false, 'ContainersNotInitialized', incomplete),
      condition(object, now, 'ContainersReady', false, 'ContainersNotReady', unready),
      condition(object, now, 'Ready', false, 'ContainersNotReady', unready),
    ],
    startTime: record(object.status).startTime ?? now,
    initContainerStatuses: initial.map((each, index) =>
      index < at ? completedInit(each, now) : status(each, index === at ? stuck : waits),
    ),
    containerStatuses: containers.map((each) => status(each, waits)),
  });
}
