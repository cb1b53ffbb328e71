import type { KubernetesObject } from '../driver.js';
import { list, number, type ObjectHealth, record, text } from '../object-fields.js';
import { degraded } from './verdict.js';

/** One container of a pod, as its status shows it. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly isReady: boolean;
  readonly restarts: number;
  readonly waiting: Readonly<Record<string, unknown>>;
  readonly terminated: Readonly<Record<string, unknown>>;
  readonly last: Readonly<Record<string, unknown>>;
}

/** Init containers first. */
export function containersOf(pod: KubernetesObject): readonly Container[] {
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

/** What keeps a container from running, or null. `lastLines`: what it wrote before it ended, in case it said nothing else. */
export function containerProblem(container: Container, lastLines: string): ObjectHealth | null {
  const { name, image, waiting } = container;
  const reason = text(waiting.reason);
  if (pullReasons.has(reason)) {
    const detail = pullDetail(text(waiting.message));
    return degraded(
      `Image ${image} of container ${name} cannot be pulled${detail ? `: ${detail}` : '.'}`,
      'ImagePullFailed',
    );
  }
  if (startReasons.has(reason)) {
    return degraded(`Container ${name} cannot start: ${text(waiting.message) || reason}`);
  }
  if (!isLooping(container)) return null;
  return degraded(exitText(container, lastLines) || `Container ${name} ends again and again`, 'CrashLoop');
}

/** Whether it is started again and again. */
export function isLooping(container: Container): boolean {
  if (text(container.waiting.reason) === 'CrashLoopBackOff') return true;
  // Between two restarts the state is for a moment `running`; one that ended badly before and is not ready again is still in the loop.
  return !container.isReady && container.restarts > 1 && exitOf(container) !== null;
}

/** Whether a container ended badly and left no word about it. */
export function endedSilently(container: Container): boolean {
  return exitOf(container)?.said === '';
}

/** How it ended, in words; '' when it did not end badly. */
export function exitText(container: Container, lastLines: string): string {
  const ended = exitOf(container);
  if (!ended) return '';
  const said = ended.said || tailOf(lastLines);
  return `Container ${container.name} exits with code ${ended.code}${said ? `: ${said}` : ''}`;
}

const pullReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
  'ImageInspectError',
  'SignatureValidationFailed',
]);
const startReasons = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'ContainerCannotRun',
  'PreStartHookError',
  'PostStartHookError',
]);

/** ErrImagePull and ImagePullBackOff take turns: both are brought to the same sentence, so that a status does not flap. */
function pullDetail(message: string): string {
  const detail = message
    .replace(/^Back-off pulling image "[^"]*"(: )?/, '')
    .replace(/^(ErrImagePull|ImagePullBackOff): /, '');
  return detail.trim();
}

/** Of this run or else of the one before. `said` is '' when nothing but the code is known. */
function exitOf({ terminated, last }: Container): { readonly code: number; readonly said: string } | null {
  const state = [terminated, last].find(({ exitCode }) => number(exitCode, 0) !== 0);
  if (!state) return null;
  const reason = text(state.reason);
  const said = tailOf(text(state.message));
  return { code: number(state.exitCode, 0), said: said || (reason === 'Error' ? '' : reason) };
}

/** The end of what was said, in one line that a table can show. */
function tailOf(message: string): string {
  const lines = message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.slice(-MOST_LINES).join(' | ').slice(-LONGEST_TEXT);
}

const MOST_LINES = 3;
const LONGEST_TEXT = 300;
