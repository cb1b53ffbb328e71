import type { KubernetesObject } from './driver.js';
import { conditionOf, list, number, type ObjectHealth, record, text } from './object-fields.js';

/** Whether one pod works. */
export function podHealth(pod: KubernetesObject): ObjectHealth {
  const problem = podProblem(pod);
  if (problem) return problem;
  const status = record(pod.status);
  if (status.phase === 'Succeeded') return { health: 'Healthy', reason: 'Available', message: 'It has completed.' };
  if (conditionOf(pod, 'Ready')?.status === 'True') return { health: 'Healthy', reason: 'Available', message: '' };
  if (status.phase === 'Running')
    return { health: 'Progressing', reason: 'Progressing', message: 'It runs but is not ready.' };
  return { health: 'Progressing', reason: 'Pending', message: 'It is being started.' };
}

/**
 * What is wrong with the pods that `owner` selects: the worst, and the first of those by name. Null when nothing is.
 * Pods that are going, or that failed and are replaced, are of the past.
 */
export function worstPodProblem(owner: KubernetesObject, pods: readonly KubernetesObject[]): ObjectHealth | null {
  const problems = pods
    .filter((pod) => pod.metadata.namespace === owner.metadata.namespace && !pod.metadata.deletionTimestamp)
    .filter((pod) => record(pod.status).phase !== 'Failed')
    .filter((pod) => isSelected(pod, record(owner.spec).selector))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .flatMap((pod) => podProblem(pod) ?? []);
  return problems.find((problem) => problem.health === 'Degraded') ?? problems[0] ?? null;
}

function podProblem(pod: KubernetesObject): ObjectHealth | null {
  const status = record(pod.status);
  if (status.phase === 'Succeeded') return null;
  for (const container of containersOf(pod)) {
    const problem = containerProblem(container);
    if (problem) return problem;
  }
  if (status.phase === 'Failed') {
    const why = [text(status.reason), text(status.message)].filter(Boolean).join(': ');
    return { health: 'Degraded', reason: 'ObjectFailed', message: `Pod failed${why ? `: ${why}` : ''}.` };
  }
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return null;
  if (/persistentvolumeclaim|PersistentVolumeClaim/.test(scheduled.message)) {
    return { health: 'Progressing', reason: 'NotBound', message: `Pod waits for its volume: ${scheduled.message}` };
  }
  return {
    health: 'Degraded',
    reason: 'Unschedulable',
    message: `Pod cannot be placed on a node: ${scheduled.message}`,
  };
}

function containerProblem(container: Container): ObjectHealth | null {
  const { name, image, waiting, terminated, last } = container;
  const reason = text(waiting.reason);
  if (pullReasons.has(reason)) {
    const detail = pullDetail(text(waiting.message));
    const message = `Image ${image} of container ${name} cannot be pulled${detail ? `: ${detail}` : '.'}`;
    return { health: 'Degraded', reason: 'ImagePullFailed', message };
  }
  if (startReasons.has(reason)) {
    return {
      health: 'Degraded',
      reason: 'ObjectFailed',
      message: `Container ${name} cannot start: ${text(waiting.message) || reason}`,
    };
  }
  const ended = exitOf(terminated) ?? exitOf(last);
  // Between two restarts the state is for a moment `running`; a container that ended badly before and is not ready again is still in the loop.
  const isLooping = reason === 'CrashLoopBackOff' || (!container.isReady && container.restarts > 1 && ended !== null);
  if (!isLooping) return null;
  const how = ended ? `exits with code ${ended.code}${ended.said ? `: ${ended.said}` : ''}` : 'ends again and again';
  return { health: 'Degraded', reason: 'CrashLoop', message: `Container ${name} ${how}` };
}

const pullReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
]);
const startReasons = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'ContainerCannotRun',
]);

/** ErrImagePull and ImagePullBackOff take turns: both are brought to the same sentence, so that a status does not flap. */
function pullDetail(message: string): string {
  const detail = message
    .replace(/^Back-off pulling image "[^"]*"(: )?/, '')
    .replace(/^(ErrImagePull|ImagePullBackOff): /, '');
  return detail.trim();
}

/** How a container ended, when it ended badly. Its last message is cut to what a table can show. */
function exitOf(state: Readonly<Record<string, unknown>>): { readonly code: number; readonly said: string } | null {
  const code = number(state.exitCode, 0);
  if (code === 0) return null;
  const reason = text(state.reason);
  const said = text(state.message).trim() || (reason === 'Error' ? '' : reason);
  return { code, said: said.slice(-300) };
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly isReady: boolean;
  readonly restarts: number;
  readonly waiting: Readonly<Record<string, unknown>>;
  readonly terminated: Readonly<Record<string, unknown>>;
  readonly last: Readonly<Record<string, unknown>>;
}

function containersOf(pod: KubernetesObject): readonly Container[] {
  const status = record(pod.status);
  const spec = record(pod.spec);
  const specs = [...list(spec.initContainers), ...list(spec.containers)].map(record);
  return [...list(status.initContainerStatuses), ...list(status.containerStatuses)].map(record).map((container) => ({
    name: text(container.name),
    // The status may show the image under another name than the one that was asked for.
    image: text(specs.find((each) => each.name === container.name)?.image) || text(container.image),
    isReady: container.ready === true,
    restarts: number(container.restartCount, 0),
    waiting: record(record(container.state).waiting),
    terminated: record(record(container.state).terminated),
    last: record(record(container.lastState).terminated),
  }));
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
function isSelected(pod: KubernetesObject, selector: unknown): boolean {
  const labels: Readonly<Record<string, string>> = pod.metadata.labels ?? {};
  const { matchLabels, matchExpressions } = record(selector);
  const wanted = Object.entries(record(matchLabels));
  const expressions = list(matchExpressions).map(record);
  if (wanted.length === 0 && expressions.length === 0) return false;
  return wanted.every(([name, value]) => labels[name] === value) && expressions.every((each) => isMet(each, labels));
}

function isMet(expression: Readonly<Record<string, unknown>>, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[text(expression.key)];
  const values = list(expression.values);
  switch (expression.operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
