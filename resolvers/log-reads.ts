import type { AbsentName } from '../lib/absent-name.js';
import { BadInputError, LimitExceededError, NotFoundError } from '../lib/errors.js';
import { didYouMean } from '../lib/nearest.js';
import type { LogAnswer, LogLine } from '../schema/logs.js';
import { absentSentence } from './absent-sentence.js';
import { type AskedWorkload, askAll, askedWorkloads, mayHavePods, questionTo } from './asked-workloads.js';
import { checkAtLeast } from './checks.js';
import type { GraphContext } from './context.js';
import { followWorkload, type LogInput } from './follow-workload.js';
import { gatherAnswers, type PartAnswer } from './gather-answers.js';
import { groupSentences, type PartSentence } from './group-sentences.js';
import { createLineCollector } from './line-collector.js';
import { mergeIterators } from './merge-iterators.js';
import { readAbsent, readLogLines, readUnavailable } from './probe-answers.js';

export interface LogArguments {
  /** Of an AppInstance or a Workload. */
  readonly id: string;
  readonly component?: string | null | undefined;
  readonly pod?: string | null | undefined;
  readonly container?: string | null | undefined;
  readonly previous?: boolean | null | undefined;
  readonly tailLines?: number | null | undefined;
  readonly sinceSeconds?: number | null | undefined;
  readonly timestamps?: boolean | null | undefined;
}

/**
 * The last lines, in the order of their time. Throws BadInputError, NotFoundError and LimitExceededError for the
 * arguments: NotFoundError also for a pod and a container that no component has.
 */
export async function readLogs(given: LogArguments, context: GraphContext): Promise<LogAnswer> {
  const input = inputOf(given, false);
  const collector = createLineCollector();
  const workloads = await chosenWorkloads(given, context);
  const said: PartSentence[] = [];
  const absent: AbsentName[] = [];
  const unanswered = await askAll(workloads, async (workload) => {
    for await (const chunk of context.probes.ask(questionTo(workload, 'logs', input, context))) {
      collector.add(readLogLines(chunk, workload.component));
      said.push(...readUnavailable(chunk).map((sentence) => ({ component: workload.component, sentence })));
      const missing = readAbsent(chunk);
      if (missing) absent.push(missing);
    }
  });
  const absence = absentSentence(absent);
  const hasNobodyIt = absence !== null && absent.length + unanswered.length >= workloads.length;
  if (hasNobodyIt && unanswered.length === 0) {
    throw new NotFoundError(absence, { path: [absent.find(({ what }) => what === 'container')?.what ?? 'pod'] });
  }
  const unavailable = [
    ...groupSentences(unanswered, workloads.length),
    ...groupSentences(said, workloads.length),
    ...(hasNobodyIt ? [absence] : []),
  ];
  const { lines, leftOut } = collector.end();
  const shown = given.timestamps ? lines : lines.map(withoutTime);
  return { lines: shown, unavailable: leftOut === null ? unavailable : [...unavailable, leftOut] };
}

/**
 * The last lines, then new ones as they come, of all parts together. A part whose controller goes away is told of, and
 * asked for again, so it ends only when no part is left that could write a line. Errors are those of readLogs.
 */
export async function followLogs(
  given: LogArguments,
  context: GraphContext,
): Promise<AsyncIterableIterator<LogAnswer>> {
  if (given.previous) {
    throw new BadInputError('A previous container writes no more, so it cannot be followed. Ask by a query.', {
      path: ['previous'],
    });
  }
  const input = inputOf(given, true);
  const merged = mergeIterators<PartAnswer>([], () => detach());
  const known = new Set<string>();
  const answers = gatherAnswers(merged, { clock: context.clock, count: () => known.size });
  const add = (workload: AskedWorkload, from: LogInput) => {
    if (known.has(workload.id)) return;
    known.add(workload.id);
    merged.add(followWorkload(workload, from, context));
  };
  // Components that a later release brings. Heard from before the others are listed, so that none falls in between.
  const early: AskedWorkload[] = [];
  let hear = (workload: AskedWorkload): void => {
    early.push(workload);
  };
  const detach = onWorkloads(given, context, (workload) => hear(workload));
  try {
    for (const workload of await chosenWorkloads(given, context)) add(workload, input);
    hear = (workload) => add(workload, { ...input, tailLines: MAX_TAIL_LINES });
    for (const workload of early) hear(workload);
  } catch (error) {
    await merged.return?.();
    throw error;
  }
  return given.timestamps ? answers : withoutTimes(answers);
}

function withoutTimes(answers: AsyncIterableIterator<LogAnswer>): AsyncIterableIterator<LogAnswer> {
  const shown: AsyncIterableIterator<LogAnswer> = {
    async next() {
      const result = await answers.next();
      if (result.done) return result;
      return { value: { ...result.value, lines: result.value.lines.map(withoutTime) }, done: false };
    },
    async return() {
      await answers.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]: () => shown,
  };
  return shown;
}

const withoutTime = (line: LogLine): LogLine => ({ ...line, at: null });

/** Times are always asked for: lines are put in order by them, and an answer that broke off goes on by them. */
function inputOf({ pod, container, previous, tailLines, sinceSeconds }: LogArguments, follow: boolean): LogInput {
  const wanted = checkAtLeast(tailLines ?? DEFAULT_TAIL_LINES, 0, ['tailLines']);
  if (wanted > MAX_TAIL_LINES) {
    throw new LimitExceededError(`tailLines is ${wanted}; it can be at most ${MAX_TAIL_LINES}.`, {
      path: ['tailLines'],
      limit: MAX_TAIL_LINES,
    });
  }
  return {
    pod: pod ?? null,
    container: container ?? null,
    allContainers: !container,
    previous: previous ?? false,
    tailLines: wanted,
    sinceSeconds: sinceSeconds == null ? null : checkAtLeast(sinceSeconds, 1, ['sinceSeconds']),
    timestamps: true,
    follow,
  };
}

const DEFAULT_TAIL_LINES = 100;
const MAX_TAIL_LINES = 5_000;

/** Tells of workloads of the instance that are made from now on. Returns a function that detaches. */
function onWorkloads(given: LogArguments, { feed }: GraphContext, tell: (workload: AskedWorkload) => void): () => void {
  return feed.onCommit(({ revisions }) => {
    for (const { op, kind, resourceId, ownerId, name, leaseKey } of revisions) {
      if (op !== 'created' || kind !== 'Workload' || ownerId !== given.id.toLowerCase()) continue;
      const workload = { id: resourceId, component: name, leaseKey };
      if (isChosen(workload, given)) tell(workload);
    }
  });
}

function isChosen(workload: AskedWorkload, { component }: Pick<LogArguments, 'component'>): boolean {
  return mayHavePods(workload) && (!component || workload.component === component);
}

async function chosenWorkloads(
  { id, component }: LogArguments,
  context: GraphContext,
): Promise<readonly AskedWorkload[]> {
  const { resource, workloads } = await askedWorkloads(id, context);
  const writing = workloads.filter(mayHavePods);
  const chosen = writing.filter((workload) => isChosen(workload, { component }));
  if (!component || chosen.length > 0) return chosen;
  const known = writing.map((workload) => workload.component);
  throw new NotFoundError(
    `${resource.kind} ${resource.name} has no component ${component}${didYouMean(component, known)}`,
    {
      path: ['component'],
    },
  );
}
