import { type Command, Option } from 'commander';
import type { ReadLogsQuery } from '../../sdk/generated/operations.js';
import { UnreachableError } from '../errors.js';
import { createLogPrinter } from '../output/log-printer.js';
import { findSubject, withSubject } from '../resources/find-subject.js';
import type { Session } from '../session.js';
import { durationMs, type PlaceOptions, placeOf, wholeNumber, withPlace } from './options.js';

interface LogsOptions extends PlaceOptions {
  readonly follow?: boolean;
  readonly component?: string;
  readonly pod?: string;
  readonly container?: string;
  readonly previous?: boolean;
  readonly tail?: number;
  readonly since?: number;
  readonly timestamps?: boolean;
  readonly prefix: boolean;
  readonly output: 'text' | 'json';
}

type Answer = ReadLogsQuery['logs'];

/** `portolan logs [KIND] NAME`. */
export function addLogs(program: Command, session: Session): void {
  const command = withSubject(program.command('logs'))
    .description('shows what the containers of an app instance, or of one workload, write')
    .option('-f, --follow', 'goes on until Ctrl-C, with pods that come later as well')
    .option('--component <name>', 'only this component of the app')
    .option('--pod <name>', 'only this pod')
    .option('-c, --container <name>', 'only containers of this name')
    .option('--previous', 'of the containers that ran before the last restart')
    .option('--tail <count>', 'how many lines of each container; left out: 100', wholeNumber)
    .option('--since <time>', 'only what is newer, such as 90s or 5m', durationMs)
    .option('--timestamps', 'begins each line with its time')
    .option('--no-prefix', 'leaves out which pod and container a line is of')
    .addOption(new Option('-o, --output <form>', 'how to print them').choices(['text', 'json']).default('text'));
  withPlace(command).action((words: readonly string[], options: LogsOptions) => logs(session, words, options));
}

async function logs(session: Session, words: readonly string[], options: LogsOptions): Promise<void> {
  const { terminal, signal } = session;
  const plane = await session.plane();
  const row = await findSubject(session, words, placeOf(options));
  const question = {
    id: row.id,
    component: options.component ?? null,
    pod: options.pod ?? null,
    container: options.container ?? null,
    previous: options.previous ?? false,
    tailLines: options.tail ?? null,
    sinceSeconds: options.since === undefined ? null : Math.ceil(options.since / 1000),
    // Always, for JSON shows them.
    timestamps: true,
  };
  const printer = createLogPrinter(terminal, {
    isJson: options.output === 'json',
    hasTimes: options.timestamps ?? false,
    hasPrefix: options.prefix && !(options.pod && options.container),
  });
  const show = (answer: Answer) => {
    for (const sentence of answer.unavailable) terminal.say(sentence);
    printer.print(answer.lines);
  };
  if (options.follow) {
    for await (const answer of plane.followLogs(question, signal)) show(answer);
    return;
  }
  const answer = (await plane.sdk.ReadLogs(question, { signal })).logs;
  show(answer);
  if (answer.lines.length > 0) return;
  if (answer.unavailable.length > 0) {
    throw new UnreachableError('There is nothing to show.', { next: `portolan describe ${row.name}` });
  }
  terminal.say('Its containers wrote nothing.');
}
