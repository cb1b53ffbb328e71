import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Clock } from '../../lib/clock.js';
import { parseDuration } from '../output/duration.js';
import { planForms } from '../output/print-plan.js';
import type { Place } from '../resources/find-resource.js';
import { parseMoment } from '../resources/moment.js';

export const outputs = ['table', 'wide', 'json', 'yaml', 'name'] as const;
export type Output = (typeof outputs)[number];

export interface PlaceOptions {
  readonly project?: string;
  readonly env?: string;
  readonly asOf?: string;
}

/** `-p` and `-e`. */
export function withPlace(command: Command): Command {
  return command
    .option('-p, --project <name>', 'only in this project')
    .option('-e, --env <name>', 'only in this environment');
}

/** `--as-of`. */
export function withAsOf(command: Command, clock: Clock): Command {
  const option = new Option(
    '--as-of <moment>',
    'as it was at that moment: a time such as 2026-11-22T18:30:00Z, a time ago such as 15m, or a cursor (see history)',
  );
  return command.addOption(
    option.argParser((text) => {
      const moment = parseMoment(text, clock.now());
      if (moment !== null) return moment;
      throw new InvalidArgumentError(
        'It must be a time such as 2026-11-22T18:30:00Z, a time ago such as 15m, or a cursor.',
      );
    }),
  );
}

/** `-o`. */
export function withOutput(command: Command): Command {
  return command.addOption(new Option('-o, --output <form>', 'how to print it').choices(outputs).default('table'));
}

/** `--timeout`, in milliseconds. */
export function withTimeout(command: Command, text: string): Command {
  const option = new Option('--timeout <time>', `${text}, such as 90s or 5m`)
    .argParser(durationMs)
    .default(DEFAULT_TIMEOUT_MS, '5m');
  return command.addOption(option);
}

/** `--manager` and `--take-over`. */
export function withManager(command: Command): Command {
  return command
    .option('--manager <name>', 'who sets the fields: a person, a file, ci', defaultManager)
    .option('--take-over', 'also sets fields that another manager set');
}

/** `--set`. */
export function withParameters(command: Command): Command {
  const collect = (text: string, before: readonly string[] = []) => [...before, text];
  return command.option('--set <name=value>', 'a parameter of the app; may be given several times', collect);
}

/** `-o` and others of what shows a plan. */
export function withPlanOutput(command: Command): Command {
  return command
    .option('--objects', 'also asks the clusters what it means for their objects')
    .option('--out <file>', 'saves it for apply --plan; secrets of the files are in it')
    .option('--detailed-exitcode', 'exits with 0 when nothing would change, 1 for an error, 2 for changes')
    .addOption(new Option('-o, --output <form>', 'how to print it').choices(planForms).default('text'));
}

/** `--yes`, where a plan is shown and asked about. */
export function withYes(command: Command): Command {
  return command.option('-y, --yes', 'asks no questions');
}

/** `--plan-hash`. */
export function withPlanHash(command: Command): Command {
  return command.option(
    '--plan-hash <hash>',
    'of a plan of just this; refused when another one would come of it by now',
  );
}

export function placeOf(options: PlaceOptions): Place {
  return { project: options.project, environment: options.env, asOf: options.asOf };
}

export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError('It must be a time such as 90s, 5m or 1h30m.');
  return ms;
}

/** Labels of `-l a=b,c=d`, which may be given several times. */
export function collectLabels(text: string, before: readonly { key: string; value: string }[] = []) {
  const labels = text.split(',').map((pair) => {
    const [key = '', value] = pair.split(/=(.*)/s);
    if (key === '' || value === undefined) throw new InvalidArgumentError('It must be label=value.');
    return { key, value };
  });
  return [...before, ...labels];
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1 up.');
  return value;
}

/** One for all commands of a person, so that what `env create` set does not stand in the way of `apply`. */
export const defaultManager = 'cli';

const DEFAULT_TIMEOUT_MS = 300_000;
