import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

/** What a person asked for. */
export interface SimConfig {
  readonly first: number;
  readonly count: number;
  /** Runs each seed twice and compares. */
  readonly isTwice: boolean;
  readonly jobs: number;
  /** Where the trace of one seed goes; `-` is the terminal. */
  readonly traceFile: string | null;
  /** Set in processes that another one started: results are lines of JSON. */
  readonly isChild: boolean;
}

export const usage = `npm run sim -- [options]

  --seed N       Run this seed alone, and say what happened.
  --seeds N      Run that many seeds (default 100), beginning with --from (default 1).
  --from N
  --twice        Run each seed twice; the traces must be the same.
  --jobs N       Processes at a time (default: one for each core).
  --trace FILE   With --seed: write the trace there.
  --verbose      With --seed: write the trace to the terminal.
`;

/** Throws an Error that says what is wrong with the arguments. */
export function readSimConfig(given: readonly string[]): SimConfig {
  const { values } = parseArgs({
    args: [...given],
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string' },
      from: { type: 'string' },
      twice: { type: 'boolean', default: false },
      jobs: { type: 'string' },
      trace: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      child: { type: 'boolean', default: false },
    },
  });
  const isOne = values.seed !== undefined;
  const traceFile = values.trace ?? (values.verbose ? '-' : null);
  if (traceFile !== null && !isOne) throw new Error('--trace and --verbose are about one seed: name it with --seed N.');
  return {
    first: wholeNumber('seed', values.seed) ?? wholeNumber('from', values.from) ?? 1,
    count: isOne ? 1 : (wholeNumber('seeds', values.seeds) ?? USUAL_SEEDS),
    isTwice: values.twice,
    jobs: wholeNumber('jobs', values.jobs) ?? availableParallelism(),
    traceFile,
    isChild: values.child,
  };
}

const USUAL_SEEDS = 100;

function wholeNumber(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${name} is ${text}, and must be a whole number above 0.`);
}
