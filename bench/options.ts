import { parseArgs } from 'node:util';
import { BadInputError } from '../lib/errors.js';

/** What a person asks of `npm run bench`. */
export interface BenchOptions {
  /** Empty: all. */
  readonly names: readonly string[];
  readonly isSmoke: boolean;
  readonly isList: boolean;
  /** null: what each case wants. */
  readonly rounds: number | null;
  readonly seed: number;
}

export const benchUsage = `npm run bench                    all cases; writes docs/benchmarks.md
npm run bench -- NAME...         some cases; updates their rows there
npm run bench -- --smoke         small sizes, two rounds at most: under five minutes; writes nothing
npm run bench -- --list          what there is
  --rounds N   --seed N
`;

/** Throws BadInputError that says what may be given. */
export function parseBenchOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parse(args);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new BadInputError(`There is no case ${unknown}. There are: ${known.join(', ')}.`, { next: benchUsage });
  }
  return {
    names: positionals,
    isSmoke: values.smoke === true,
    isList: values.list === true,
    rounds: values.rounds === undefined ? null : countOf('--rounds', values.rounds),
    seed: values.seed === undefined ? 1 : countOf('--seed', values.seed),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        smoke: { type: 'boolean' },
        list: { type: 'boolean' },
        rounds: { type: 'string' },
        seed: { type: 'string' },
      },
    });
  } catch (cause) {
    throw new BadInputError('These arguments are not understood.', { next: benchUsage }, { cause });
  }
}

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new BadInputError(`${option} ${text} is not a whole number above 0.`, { next: benchUsage });
}
