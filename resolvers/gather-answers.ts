import type { AbsentName } from '../lib/absent-name.js';
import { type Clock, sleep } from '../lib/clock.js';
import type { LogAnswer, LogLine } from '../schema/logs.js';
import { absentSentence } from './absent-sentence.js';
import { groupSentences, type PartSentence } from './group-sentences.js';

/** What one component says in a followed log. */
export interface PartAnswer {
  readonly component: string;
  readonly lines: readonly LogLine[];
  /** What is missing and why. */
  readonly said: readonly string[];
  /** It does not have the pod or the container that was chosen. It may come. */
  readonly absent: AbsentName | null;
}

/**
 * The answers of several parts as one. Lines pass at once. What a part says waits for a moment for the others, which
 * often say the same; that a chosen pod or container is absent is told once, and only if no part has it.
 * By hand and not as a generator, so that return() reaches who waits at once.
 */
export function gatherAnswers(
  parts: AsyncIterator<PartAnswer>,
  { clock, count }: { readonly clock: Clock; readonly count: () => number },
): AsyncIterableIterator<LogAnswer> {
  const leaving = new AbortController();
  const absent = new Map<string, AbsentName>();
  let held: PartSentence[] = [];
  let isAbsenceTold = false;
  let coming: Promise<IteratorResult<PartAnswer>> | null = null;
  let due: Promise<null> | null = null;

  /** The sentence about what is absent, when it is time for it. */
  const takeAbsence = (): readonly string[] => {
    if (isAbsenceTold || absent.size === 0 || absent.size < count()) return [];
    isAbsenceTold = true;
    return [absentSentence([...absent.values()]) ?? ''];
  };
  const take = (lines: readonly LogLine[], absence: readonly string[]): IteratorResult<LogAnswer> => {
    const unavailable = [...groupSentences(held, count()), ...absence];
    held = [];
    due = null;
    return { value: { lines, unavailable }, done: false };
  };
  const haveAllSpoken = () => held.length > 0 && new Set(held.map(({ component }) => component)).size >= count();

  const next = async (): Promise<IteratorResult<LogAnswer>> => {
    for (;;) {
      coming ??= parts.next();
      const result = await Promise.race(due === null ? [coming] : [coming, due]);
      if (leaving.signal.aborted) return { value: undefined, done: true };
      if (result === null) return take([], []);
      coming = null;
      if (result.done) return held.length > 0 ? take([], []) : { value: undefined, done: true };
      const { component, lines, said, absent: missing } = result.value;
      held.push(...said.map((sentence) => ({ component, sentence })));
      if (missing) absent.set(component, missing);
      else if (lines.length > 0) absent.delete(component);
      const absence = takeAbsence();
      if (absence.length > 0 || haveAllSpoken()) return take(lines, absence);
      if (held.length > 0) due ??= sleep(clock, GATHER_MS, leaving.signal).then(() => null);
      if (lines.length > 0) return { value: { lines, unavailable: [] }, done: false };
    }
  };

  return {
    next,
    return() {
      leaving.abort();
      void parts.return?.();
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Parts of one cluster notice within a few hundred milliseconds that it is down. */
const GATHER_MS = 500;
