import type { Json } from '../lib/canonical.js';
import { sleep } from '../lib/clock.js';
import type { LogLine } from '../schema/logs.js';
import { type AskedWorkload, askedAgain, questionTo } from './asked-workloads.js';
import type { GraphContext } from './context.js';
import type { PartAnswer } from './gather-answers.js';
import { compareTimes } from './line-collector.js';
import { readAbsent, readLogLines, readUnavailable } from './probe-answers.js';
import { ProbeUnavailableError } from './probes.js';

/** The input of the question `logs`. */
export interface LogInput {
  readonly [field: string]: Json;
  readonly tailLines: number | null;
  readonly sinceSeconds: number | null;
  readonly follow: boolean;
}

/**
 * The log of one workload, followed. When its controller goes away, or another one takes over, that is told once, and the
 * question is put again until there is an answer; lines that were given are not given again. It ends when the controller
 * says that the log ended, and when the workload is gone.
 */
export function followWorkload(
  workload: AskedWorkload,
  input: LogInput,
  context: GraphContext,
): AsyncIterableIterator<PartAnswer> {
  const { clock, probes } = context;
  const leaving = new AbortController();
  /** The time of the newest line that was given, by pod and container; and the same when the answer last broke off. */
  const newest = new Map<string, string>();
  let givenBefore: ReadonlyMap<string, string> | null = null;
  let asked = workload;
  let chunks: AsyncIterator<Json> | null = null;
  let heardMs: number | null = null;
  let failures = 0;
  let told: string | null = null;

  const ask = async (): Promise<AsyncIterator<Json> | null> => {
    if (failures > 0) {
      await sleep(clock, Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS), leaving.signal);
      if (leaving.signal.aborted) return null;
      const now = await askedAgain(workload.id, context);
      if (!now) return null;
      asked = now;
    }
    if (leaving.signal.aborted) return null;
    return probes.ask({ ...questionTo(asked, 'logs', inputNow(), context), isFollowing: true });
  };

  /** After a break it goes on from what was heard last, and a little before. */
  const inputNow = (): LogInput => {
    if (heardMs === null) return input;
    const sinceSeconds = Math.ceil((clock.now() - heardMs) / 1000) + OVERLAP_SECONDS;
    return { ...input, tailLines: null, sinceSeconds };
  };

  const isNew = ({ pod, container, at }: LogLine): boolean => {
    const known = givenBefore?.get(`${pod}/${container}`);
    return at === null || known === undefined || compareTimes(at, known) > 0;
  };

  const give = (part: Omit<PartAnswer, 'component'>): IteratorResult<PartAnswer> => ({
    value: { component: asked.component, ...part },
    done: false,
  });

  const pull = async (): Promise<IteratorResult<PartAnswer>> => {
    for (;;) {
      try {
        chunks ??= await ask();
        // It may have left while it was asked again.
        if (leaving.signal.aborted) void chunks?.return?.();
        const result = chunks && (await chunks.next());
        if (!result || result.done) return { value: undefined, done: true };
        const fresh = readLogLines(result.value, asked.component).filter(isNew);
        for (const { pod, container, at } of fresh) if (at !== null) newest.set(`${pod}/${container}`, at);
        heardMs = clock.now();
        failures = 0;
        told = null;
        const said = readUnavailable(result.value);
        const absent = readAbsent(result.value);
        if (fresh.length > 0 || said.length > 0 || absent) return give({ lines: fresh, said, absent });
      } catch (error) {
        if (!(error instanceof ProbeUnavailableError)) throw error;
        void chunks?.return?.();
        chunks = null;
        failures += 1;
        givenBefore = new Map(newest);
        if (told === error.message) continue;
        told = error.message;
        return give({ lines: [], said: [error.message], absent: null });
      }
    }
  };

  return {
    next: pull,
    return() {
      leaving.abort();
      void chunks?.return?.();
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;
/** Clocks differ, and lines take a moment until they can be read. */
const OVERLAP_SECONDS = 5;
