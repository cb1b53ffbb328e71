import type { KubernetesDriver, KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import {
  ConnectionCutError,
  InvalidObjectError,
  NotFoundError,
  UnreachableError,
} from '../../../drivers/kubernetes/errors.js';
import { isJsonObject, type Json } from '../../../lib/canonical.js';
import { type Clock, sleep } from '../../../lib/clock.js';
import { errorText } from '../../../lib/errors.js';
import { createLineQueue, isLater, type LineQueue, type LogChunk, parseLine } from './log-lines.js';
import { type LogChoice, type LogSource, logSources } from './log-sources.js';

export interface LogsInput extends LogChoice {
  readonly previous: boolean;
  /** Of each container. Null: all. */
  readonly tailLines: number | null;
  readonly sinceSeconds: number | null;
  readonly follow: boolean;
}

export interface LogsContext {
  readonly driver: KubernetesDriver;
  /** The pods of the component as they are at the moment. */
  pods(): Promise<readonly KubernetesObject[]>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The input of the question `logs`. What it does not have is as people mostly want it. */
export function readLogsInput(input: Json): LogsInput {
  const given = isJsonObject(input) ? input : {};
  const text = (value: Json | undefined) => (typeof value === 'string' && value !== '' ? value : null);
  const count = (value: Json | undefined) => (typeof value === 'number' ? value : null);
  return {
    pod: text(given.pod),
    container: text(given.container),
    allContainers: given.allContainers === true,
    previous: given.previous === true,
    tailLines: count(given.tailLines),
    sinceSeconds: count(given.sinceSeconds),
    follow: given.follow === true,
  };
}

/**
 * Lines of the pods of a component, as they come. Containers that cannot be read are named, and keep no other. Followed,
 * it goes on with what new pods and restarted containers write, until `signal` aborts. What the choice names and is not
 * there is told first; followed, it may come.
 */
export async function* probeLogs(input: LogsInput, context: LogsContext): AsyncIterableIterator<LogChunk> {
  const left = new AbortController();
  const signal = AbortSignal.any([context.signal, left.signal]);
  const queue = createLineQueue(signal);
  const { sources, absent } = logSources(await context.pods(), input);
  if (absent) {
    yield { lines: [], unavailable: [], absent };
    if (!input.follow) return;
  }
  const inner = { ...context, signal };
  let failure: { readonly error: unknown } | null = null;
  const reading = (input.follow ? followAll(input, inner, queue) : readAll(sources, input, inner, queue))
    .catch((error: unknown) => {
      failure = { error };
    })
    .finally(() => queue.end());
  try {
    yield* queue.chunks();
  } finally {
    left.abort();
  }
  await reading;
  const { error } = (failure ?? {}) as { error?: unknown };
  if (error !== undefined && !context.signal.aborted) throw error;
}

async function readAll(
  sources: readonly LogSource[],
  input: LogsInput,
  context: LogsContext,
  queue: LineQueue,
): Promise<void> {
  const readable = sources.filter((source) => (input.previous ? source.hasPrevious : source.hasStarted));
  if (sources.length === 0) queue.say('It has no pods.');
  if (input.previous && sources.length > 0 && readable.length === 0) queue.say('No container was started twice.');
  if (!input.previous) for (const source of sources) tellWaiting(source, queue);
  const left = [...readable];
  const work = async () => {
    for (let source = left.shift(); source; source = left.shift()) {
      await readSource(source, input, context, queue).catch((error: unknown) => tellFailure(source, error, queue));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Looks for new pods and runs again and again; each run of a container is read once, from where it was read to. */
async function followAll(input: LogsInput, context: LogsContext, queue: LineQueue): Promise<void> {
  const { clock, signal } = context;
  const followed = new Map<string, { isOpen: boolean; lastAt: string | null; notBeforeMs: number }>();
  const told = new Set<string>();
  const startedMs = clock.now();
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const pods = await context.pods();
    const { sources, absent } = logSources(pods, input);
    if (isFirst && sources.length === 0 && !absent) queue.say('It has no pods yet.');
    for (const source of sources) {
      // What is about to start needs no word: its lines come.
      if (!told.has(source.run + source.waiting) && !isStarting(source)) tellWaiting(source, queue);
      told.add(source.run + source.waiting);
      const known = followed.get(source.run);
      if (!source.hasStarted || known?.isOpen || (known && source.hasEnded)) continue;
      if (known && clock.now() < known.notBeforeMs) continue;
      if ([...followed.values()].filter(({ isOpen }) => isOpen).length >= MOST_FOLLOWED) {
        if (!told.has('too many')) queue.say(`Only ${MOST_FOLLOWED} containers are followed at once. Choose a pod.`);
        told.add('too many');
        break;
      }
      const state = known ?? { isOpen: true, lastAt: null, notBeforeMs: 0 };
      followed.set(source.run, { ...state, isOpen: true });
      const isNew = known === undefined;
      const from = isNew
        ? isFirst
          ? input
          : { ...input, tailLines: null, sinceSeconds: null }
        : resumed(input, startedMs, clock);
      readSource(source, { ...from, follow: true }, context, queue, state.lastAt)
        .then((lastAt) => ({ isOpen: false, lastAt, notBeforeMs: clock.now() + REOPEN_MS }))
        .catch((error: unknown) => {
          if (!signal.aborted) tellFailure(source, error, queue);
          return { isOpen: false, lastAt: state.lastAt, notBeforeMs: clock.now() + RETRY_MS };
        })
        .then((next) => followed.set(source.run, next));
    }
    await sleep(clock, LOOK_MS, signal);
  }
}

/** What was cut off goes on: what was read before is passed over by its time. */
function resumed(input: LogsInput, startedMs: number, clock: Clock): LogsInput {
  return { ...input, tailLines: null, sinceSeconds: Math.ceil((clock.now() - startedMs) / 1000) + 1 };
}

/** Gives the time of the last line. Lines up to `after` are passed over. */
async function readSource(
  source: LogSource,
  { previous, tailLines, sinceSeconds, follow }: LogsInput,
  { driver, signal }: LogsContext,
  queue: LineQueue,
  after: string | null = null,
): Promise<string | null> {
  const { namespace, pod, container } = source;
  const options = { namespace, pod, container, previous, tailLines, sinceSeconds, follow, timestamps: true, signal };
  let lastAt = after;
  for await (const text of driver.logs(options)) {
    const line = parseLine(source, text);
    if (line.at !== null) {
      if (after !== null && !isLater(line.at, after)) continue;
      lastAt = line.at;
    }
    await queue.push(line);
  }
  return lastAt;
}

const isStarting = ({ waiting }: LogSource): boolean => /^(Pending|ContainerCreating|PodInitializing)$/.test(waiting);

function tellWaiting(source: LogSource, queue: LineQueue): void {
  // An init container that has not started yet is no news: the containers after it say that they wait.
  if (source.hasStarted || source.isInit) return;
  queue.say(`${source.pod}/${source.container} has not started: ${source.waiting}.`);
}

function tellFailure({ pod, container }: LogSource, error: unknown, queue: LineQueue): void {
  // Of the cluster, and not of this container: told once, and in the words of all that ask it.
  if (error instanceof UnreachableError && !(error instanceof ConnectionCutError)) {
    queue.sayOnce(errorText(error));
    return;
  }
  // Between the look and the read it went, or is about to start.
  const isPassing = error instanceof NotFoundError || error instanceof InvalidObjectError;
  queue.say(
    `${pod}/${container}: ${isPassing ? 'there is no log of it' : 'its log could not be read'}: ${errorText(error)}`,
  );
}

/** Logs that are read at the same time. */
const AT_ONCE = 4;
/** Logs that are followed at the same time: each holds a connection. */
const MOST_FOLLOWED = 50;
/** How soon a new pod is noticed, at no cost: the pods are in memory. */
const LOOK_MS = 500;
const REOPEN_MS = 1_000;
const RETRY_MS = 5_000;
