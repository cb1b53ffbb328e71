/** What a log line says, and when it was written. */
export interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

/** What of a container's status its log depends on. */
export interface ContainerStatus {
  readonly name: string;
  readonly image?: string;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly running?: { readonly startedAt: string } | null;
  readonly waiting?: { readonly reason: string } | null;
  readonly terminated?: { readonly exitCode: number; readonly startedAt: string } | null;
}

/** Thrown when there is no such log (yet), in the words of a kubelet. */
export class WaitingError extends Error {}

/** What a container that crashes says at last. */
export const lastWords: readonly string[] = ['fatal: cannot open the database: connection refused', 'exit code 1'];
/** One that runs adds a line as often as this, as long as somebody follows it: so what is read twice is the same. */
const aliveEveryMs = 1000;

/** What it says first, for those who compare. */
export function firstLines(pod: string, container: string): readonly string[] {
  return [`${pod} ${container}: started`, `${pod} ${container}: ready`];
}

/**
 * All that a container has said until now: a function of its status, and of how long it has been followed. One that
 * failed ends with {@link lastWords}. @throws WaitingError when it has not started, or, for `previous`, has not been
 * restarted.
 */
export function logLines(
  pod: string,
  status: ContainerStatus,
  asked: { readonly previous: boolean; readonly followedSinceMs: number; readonly nowMs: number },
): readonly LogLine[] {
  const { name, state, lastState } = status;
  const said = (startedAt: string, more: readonly string[]) => [
    ...firstLines(pod, name).map((text) => ({ atMs: Date.parse(startedAt), text })),
    ...more.map((text) => ({ atMs: Date.parse(startedAt), text })),
  ];
  const ended = (end: NonNullable<ContainerState['terminated']>) =>
    said(end.startedAt, end.exitCode === 0 ? [`${pod} ${name}: done`] : lastWords);
  if (asked.previous) {
    if (lastState?.terminated) return ended(lastState.terminated);
    throw new WaitingError(`previous terminated container "${name}" in pod "${pod}" not found`);
  }
  if (state?.running) {
    const { followedSinceMs, nowMs } = asked;
    const alive = Array.from({ length: Math.floor((nowMs - followedSinceMs) / aliveEveryMs) }, (_, index) => ({
      atMs: followedSinceMs + (index + 1) * aliveEveryMs,
      text: `${pod} ${name}: alive ${index + 1}`,
    }));
    return [...said(state.running.startedAt, []), ...alive];
  }
  const end = state?.terminated ?? lastState?.terminated;
  if (end) return ended(end);
  const why = state?.waiting?.reason;
  const words = why === 'ErrImagePull' || why === 'ImagePullBackOff' ? 'trying and failing to pull image' : why;
  throw new WaitingError(`container "${name}" in pod "${pod}" is waiting to start: ${words ?? 'ContainerCreating'}`);
}

/** As the parameters of the kubelet's API ask: tailLines, sinceSeconds, sinceTime, timestamps. */
export function selectLines(lines: readonly LogLine[], asked: URLSearchParams, nowMs: number): string {
  const seconds = asked.get('sinceSeconds');
  const time = asked.get('sinceTime');
  const sinceMs = seconds !== null ? nowMs - Number(seconds) * 1000 : time !== null ? Date.parse(time) : 0;
  const recent = lines.filter(({ atMs }) => atMs >= sinceMs);
  const tail = asked.get('tailLines');
  const chosen = tail === null ? recent : recent.slice(recent.length - Math.min(recent.length, Number(tail)));
  const isStamped = asked.get('timestamps') === 'true';
  return chosen.map(({ atMs, text }) => `${isStamped ? `${new Date(atMs).toISOString()} ` : ''}${text}\n`).join('');
}
