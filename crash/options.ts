import { parseArgs } from 'node:util';

/** What `npm run crash --` was told. */
export interface CrashOptions {
  readonly trials: number;
  readonly seed: number;
  readonly world: 'real' | 'sandbox';
  /** In how many milliseconds of the last start everything is to be as wished. */
  readonly withinMs: number;
  /** Whether to go on after a trial that failed. */
  readonly goesOn: boolean;
}

/** Throws Error with how it is used. `randomSeed`: where none is given. */
export function parseOptions(args: readonly string[], randomSeed: number): CrashOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      trials: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(randomSeed) },
      within: { type: 'string', default: '30000' },
      real: { type: 'boolean', default: false },
      sandbox: { type: 'boolean', default: false },
      'go-on': { type: 'boolean', default: false },
    },
  });
  if (values.real && values.sandbox) throw new Error(`--real and --sandbox exclude each other. ${usage}`);
  return {
    trials: wholeNumber('--trials', values.trials),
    seed: wholeNumber('--seed', values.seed),
    world: values.sandbox ? 'sandbox' : 'real',
    withinMs: wholeNumber('--within', values.within),
    goesOn: values['go-on'],
  };
}

const usage = 'Usage: npm run crash -- [--trials 10] [--seed 1] [--real | --sandbox] [--within 30000] [--go-on]';

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new Error(`${option} "${text}" is not a whole number. ${usage}`);
}
