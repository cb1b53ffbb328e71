import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { conditionOf, list, number, record, text } from '../../../drivers/kubernetes/object-fields.js';
import type { AbsentName } from '../../../lib/absent-name.js';

/** One container of one pod, as something that writes lines. */
export interface LogSource {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Changes when the container is started anew. */
  readonly run: string;
  /** Whether its present run has begun, so that there is a log, be it empty. */
  readonly hasStarted: boolean;
  /** Whether its present run writes no more. */
  readonly hasEnded: boolean;
  /** Whether there was a run before the present one. */
  readonly hasPrevious: boolean;
  readonly isInit: boolean;
  /** Why it does not run, as the cluster says it; empty when it does. */
  readonly waiting: string;
}

export interface LogChoice {
  /** By name; null: every pod. */
  readonly pod: string | null;
  readonly container: string | null;
  /** Null container: all of them, and not only the one that kubectl would take. */
  readonly allContainers: boolean;
}

/** What a choice comes to. `absent`: it names what is not there, so there are no sources. */
export interface ChosenLogs {
  /** In the order in which containers start. */
  readonly sources: readonly LogSource[];
  readonly absent: AbsentName | null;
}

/** Pure. */
export function logSources(pods: readonly KubernetesObject[], choice: LogChoice): ChosenLogs {
  const chosen = [...pods]
    .filter(({ metadata }) => choice.pod === null || metadata.name === choice.pod)
    .sort((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1));
  if (choice.pod !== null && chosen.length === 0) {
    return absentOf(
      'pod',
      choice.pod,
      pods.map(({ metadata }) => metadata.name),
    );
  }
  const all = chosen.flatMap(sourcesOf);
  const { container } = choice;
  if (container === null) {
    return { sources: choice.allContainers ? all : chosen.flatMap(defaultSource), absent: null };
  }
  const found = all.filter((source) => source.container === container);
  if (found.length > 0) return { sources: found, absent: null };
  return absentOf(
    'container',
    container,
    all.map((source) => source.container),
  );
}

function absentOf(what: AbsentName['what'], name: string, names: readonly string[]): ChosenLogs {
  return { sources: [], absent: { what, name, known: [...new Set(names)].sort().slice(0, MAX_KNOWN) } };
}

/** Names that are told in the place of the one that is not there. */
const MAX_KNOWN = 100;

const ageOf = ({ metadata }: KubernetesObject) => `${metadata.creationTimestamp ?? ''} ${metadata.name}`;

/** https://kubernetes.io/docs/reference/labels-annotations-taints/#kubectl-kubernetes-io-default-container */
function defaultSource(pod: KubernetesObject): readonly LogSource[] {
  const sources = sourcesOf(pod).filter(({ isInit }) => !isInit);
  const name = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  return (
    (name === undefined ? undefined : sources.filter(({ container }) => container === name)) ?? sources.slice(0, 1)
  );
}

function sourcesOf(pod: KubernetesObject): readonly LogSource[] {
  const status = record(pod.status);
  const spec = record(pod.spec);
  const kinds = [
    { specs: spec.initContainers, statuses: status.initContainerStatuses, isInit: true },
    { specs: spec.containers, statuses: status.containerStatuses, isInit: false },
    { specs: spec.ephemeralContainers, statuses: status.ephemeralContainerStatuses, isInit: false },
  ];
  return kinds.flatMap(({ specs, statuses, isInit }) => {
    const known = new Map(list(statuses).map((each) => [text(record(each).name), record(each)]));
    return list(specs).map((each) => {
      const name = text(record(each).name);
      return sourceOf(pod, name, known.get(name) ?? {}, isInit);
    });
  });
}

function sourceOf(
  pod: KubernetesObject,
  container: string,
  status: Readonly<Record<string, unknown>>,
  isInit: boolean,
): LogSource {
  const { metadata } = pod;
  const { running, terminated, waiting } = record(status.state);
  const restarts = number(status.restartCount, 0);
  const why = record(waiting);
  // What crashed and waits to be started again still has the log of its last run.
  const hasCrashed = waiting !== undefined && record(status.lastState).terminated !== undefined;
  return {
    namespace: metadata.namespace ?? '',
    pod: metadata.name,
    container,
    run: `${metadata.uid}/${container}/${restarts}`,
    hasStarted: running !== undefined || terminated !== undefined || hasCrashed,
    hasEnded: terminated !== undefined || hasCrashed,
    hasPrevious: restarts > 0,
    isInit,
    waiting: running || terminated ? '' : waitingText(waiting === undefined ? unscheduled(pod) : why),
  };
}

function waitingText({ reason, message }: { readonly reason?: unknown; readonly message?: unknown }): string {
  return [text(reason) || 'Pending', text(message)].filter(Boolean).join(': ');
}

/** Why a pod is not on a node yet. */
function unscheduled(pod: KubernetesObject): { readonly reason?: string; readonly message?: string } {
  const scheduled = conditionOf(pod, 'PodScheduled');
  return scheduled?.status === 'False' ? scheduled : {};
}
