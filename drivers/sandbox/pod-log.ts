import type { Clock } from '../../lib/clock.js';
import { sleep } from '../../lib/clock.js';
import type { KubernetesObject } from '../kubernetes/driver.js';
import { list, record, text } from '../kubernetes/object-fields.js';
import { ApiError } from './api-error.js';
import type { ClusterStore } from './cluster-store.js';
import { invalid } from './invalid.js';
import { type ContainerRun, type LogLine, linesOf, nextLineMs } from './log-lines.js';
import { notFound, type Target } from './write-target.js';

export type LogQuery = Readonly<Record<string, string>>;

/**
 * What a container has written so far, as a kubelet gives it. Nothing of it is kept: it follows from the pod and the time.
 * Throws ApiError for a container that has not started, or is not named although there are several.
 */
export function readPodLog(store: ClusterStore, target: Target, query: LogQuery, nowMs: number): readonly string[] {
  const options = optionsOf(target, query);
  const run = runOf(podOf(store, target), options);
  return show(tail(linesOf(run, nowMs), options, nowMs), options);
}

/** Hands on what there is, and then each line as it is written, until the container ends or `signal` aborts. */
export async function followPodLog(
  parts: { readonly store: ClusterStore; readonly clock: Clock },
  target: Target,
  query: LogQuery,
  onLines: (lines: readonly string[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock } = parts;
  const options = optionsOf(target, query);
  let run: ContainerRun | null = runOf(podOf(store, target), options);
  const { startedMs } = run;
  let seenMs = clock.now();
  await onLines(show(tail(linesOf(run, seenMs), options, seenMs), options));
  while (run && run.startedMs === startedMs && run.endedMs === null) {
    await sleep(clock, Math.min(LOOK_MS, nextLineMs(run, clock.now()) - clock.now()), signal);
    if (signal.aborted) return;
    const nowMs = clock.now();
    const sinceMs = seenMs;
    await onLines(
      show(
        linesOf(run, nowMs).filter(({ atMs }) => atMs > sinceMs),
        options,
      ),
    );
    seenMs = nowMs;
    run = presentRun(store, target, options);
  }
}

/** How soon the end of a container is seen by who follows it. */
const LOOK_MS = 500;

interface LogOptions {
  readonly container: string | null;
  readonly isPrevious: boolean;
  readonly tailLines: number | null;
  readonly sinceSeconds: number | null;
  readonly hasTimestamps: boolean;
}

function optionsOf(target: Target, query: LogQuery): LogOptions {
  const tailLines = numberOf(query.tailLines);
  const sinceSeconds = numberOf(query.sinceSeconds);
  const type = { kind: 'PodLogOptions', group: '' };
  if (tailLines !== null && tailLines < 0) {
    const why = 'must be greater than or equal to 0';
    throw invalid(type, target.name, [{ field: 'tailLines', value: tailLines, why }]);
  }
  if (sinceSeconds !== null && sinceSeconds < 1) {
    throw invalid(type, target.name, [{ field: 'sinceSeconds', value: sinceSeconds, why: 'must be greater than 0' }]);
  }
  return {
    container: query.container ?? null,
    isPrevious: query.previous === 'true',
    tailLines,
    sinceSeconds,
    hasTimestamps: query.timestamps === 'true',
  };
}

function numberOf(written: string | undefined): number | null {
  if (written === undefined) return null;
  if (/^[-+]?\d+$/.test(written)) return Number(written);
  throw new ApiError(400, 'BadRequest', `strconv.ParseInt: parsing ${JSON.stringify(written)}: invalid syntax`);
}

function podOf(store: ClusterStore, target: Target): KubernetesObject {
  const pod = store.get(target.type.id, target.namespace, target.name);
  if (pod) return pod;
  throw notFound(target);
}

/** The run that is asked for. Throws 400 when there is none. */
function runOf(pod: KubernetesObject, options: LogOptions): ContainerRun {
  const { name } = pod.metadata;
  const { container, status, image } = containerOf(pod, options.container);
  const { waiting, running, terminated } = record(status.state) as States;
  const last = (record(status.lastState) as States).terminated;
  const about = { pod: name, uid: pod.metadata.uid ?? '', container, image };
  if (options.isPrevious) {
    if (last) return { ...about, ...ended(last), restarts: Number(status.restartCount ?? 1) - 1 };
    throw new ApiError(400, 'BadRequest', `previous terminated container "${container}" in pod "${name}" not found`);
  }
  const restarts = Number(status.restartCount ?? 0);
  if (running) return { ...about, startedMs: Date.parse(running.startedAt), endedMs: null, exitCode: null, restarts };
  if (terminated) return { ...about, ...ended(terminated), restarts };
  // Between two runs there is the log of the last one.
  if (last) return { ...about, ...ended(last), restarts: restarts - 1 };
  const reason = waiting?.reason ?? 'ContainerCreating';
  const why = waitingWords[reason] ?? reason;
  throw new ApiError(400, 'BadRequest', `container "${container}" in pod "${name}" is waiting to start: ${why}`);
}

/** Null when the pod or its container is not there any more. */
function presentRun(store: ClusterStore, target: Target, options: LogOptions): ContainerRun | null {
  const pod = store.get(target.type.id, target.namespace, target.name);
  try {
    return pod && runOf(pod, options);
  } catch {
    return null;
  }
}

interface Terminated {
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly exitCode: number;
}

interface States {
  readonly waiting?: { readonly reason?: string };
  readonly running?: { readonly startedAt: string };
  readonly terminated?: Terminated;
}

function ended({ startedAt, finishedAt, exitCode }: Terminated) {
  const endedMs = Date.parse(finishedAt);
  return { startedMs: Number.isNaN(Date.parse(startedAt)) ? endedMs : Date.parse(startedAt), endedMs, exitCode };
}

/** What a kubelet says of these two. */
const waitingWords: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
};

function containerOf(pod: KubernetesObject, wanted: string | null) {
  const spec = record(pod.spec);
  const all = [...list(spec.initContainers), ...list(spec.containers)].map(record);
  const { name } = pod.metadata;
  const names = all.map((each) => text(each.name));
  if (wanted === null && all.length > 1) {
    const message = `a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`;
    throw new ApiError(400, 'BadRequest', message);
  }
  const found = all.find((each) => wanted === null || each.name === wanted);
  if (!found) throw new ApiError(400, 'BadRequest', `container ${wanted ?? ''} is not valid for pod ${name}`);
  const { containerStatuses, initContainerStatuses } = record(pod.status);
  const statuses = [...list(initContainerStatuses), ...list(containerStatuses)].map(record);
  const status = statuses.find((each) => each.name === found.name) ?? {};
  return { container: text(found.name), image: text(found.image), status };
}

function tail(lines: readonly LogLine[], options: LogOptions, nowMs: number): readonly LogLine[] {
  const { sinceSeconds, tailLines } = options;
  const young = sinceSeconds === null ? lines : lines.filter(({ atMs }) => atMs >= nowMs - sinceSeconds * 1000);
  return tailLines === null ? young : young.slice(Math.max(0, young.length - tailLines));
}

function show(lines: readonly LogLine[], { hasTimestamps }: LogOptions): readonly string[] {
  return lines.map(({ atMs, line }) => (hasTimestamps ? `${isoNanos(atMs)} ${line}` : line));
}

function isoNanos(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000000Z');
}
