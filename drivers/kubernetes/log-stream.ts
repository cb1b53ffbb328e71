import type { LogsOptions } from './driver.js';
import { InvalidObjectError } from './errors.js';
import { responseError } from './response-error.js';
import type { ApiResponse, Transport } from './transport.js';

/** Opens one request per reader, and reads on only as its lines are taken. It ends at once when the reader leaves. */
export function openLog(transport: Transport, options: LogsOptions): AsyncIterable<string> {
  return { [Symbol.asyncIterator]: () => readLog(transport, options) };
}

function readLog(transport: Transport, options: LogsOptions): AsyncIterator<string> {
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  let lines: readonly string[] = [];
  let taken = 0;
  let outcome: { readonly error: unknown } | null = null;
  let wakeReader = () => {};
  let wakeSource = () => {};

  const end = (error: unknown) => {
    outcome ??= { error: signal.aborted ? undefined : error };
    wakeReader();
    wakeSource();
  };
  signal.addEventListener('abort', () => end(undefined), { once: true });
  const doing = `Reading the log of ${options.namespace}/${options.pod} at ${transport.host}`;
  const onLines = (more: readonly string[]): Promise<void> => {
    if (more.length === 0 || outcome !== null) return Promise.resolve();
    lines = more;
    taken = 0;
    wakeReader();
    return new Promise((resolve) => {
      wakeSource = resolve;
    });
  };
  transport
    .lines({ method: 'GET', path: pathOf(options), query: queryOf(options), accept: '*/*', signal }, onLines)
    .then((refused) => end(refused ? refusal(doing, refused) : undefined))
    .catch(end);

  const next = async (): Promise<IteratorResult<string>> => {
    for (;;) {
      const line = signal.aborted ? undefined : lines[taken];
      if (line !== undefined) {
        taken += 1;
        return { value: line, done: false };
      }
      wakeSource();
      if (outcome !== null) break;
      await new Promise<void>((resolve) => {
        wakeReader = resolve;
      });
    }
    const { error } = outcome;
    // Thrown once; whoever asks again is told that it ended.
    outcome = { error: undefined };
    if (error !== undefined) throw error;
    return { value: undefined, done: true };
  };
  return {
    next,
    async return() {
      left.abort();
      return { value: undefined, done: true };
    },
  };
}

function refusal(doing: string, response: ApiResponse): Error {
  // There is no kubelet to ask before the pod has a node, and the API server has no words for it.
  if (response.status !== 204) return responseError(doing, response);
  return new InvalidObjectError(`${doing}: the pod is not on a node yet, so nothing has started.`, response.status);
}

function pathOf({ namespace, pod }: LogsOptions): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
}

function queryOf(options: LogsOptions): Readonly<Record<string, string>> {
  const { container, tailLines, sinceSeconds } = options;
  return {
    ...(container === null ? {} : { container }),
    ...(options.follow ? { follow: 'true' } : {}),
    ...(options.previous ? { previous: 'true' } : {}),
    ...(tailLines === null ? {} : { tailLines: String(tailLines) }),
    ...(sinceSeconds === null ? {} : { sinceSeconds: String(sinceSeconds) }),
    ...(options.timestamps ? { timestamps: 'true' } : {}),
  };
}
