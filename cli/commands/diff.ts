import { type Command, Option } from 'commander';
import { isJsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import { DifferencesError, UnreachableError } from '../errors.js';
import { readApp } from '../files/read-app.js';
import { hasChanges, planText } from '../output/plan-text.js';
import { findSubject, withSubject } from '../resources/find-subject.js';
import type { Session } from '../session.js';
import { type PlaceOptions, placeOf, withPlace } from './options.js';

interface DiffOptions extends PlaceOptions {
  readonly file?: string;
  readonly exitCode?: boolean;
  readonly output: 'text' | 'json';
}

/** `portolan diff [KIND] NAME [-f FILE]`. */
export function addDiff(program: Command, session: Session): void {
  const command = withSubject(program.command('diff'))
    .description('asks the cluster what would change there: now, or if the app were as in a file; changes nothing')
    .option('-f, --file <path>', 'the file of the app as it may become, or - for standard input')
    .option('--exit-code', 'exits with 1 when something would change')
    .addOption(new Option('-o, --output <form>', 'how to print it').choices(['text', 'json']).default('text'));
  withPlace(command)
    .addHelpText('after', '\nExample:\n  portolan diff shop --env dev -f examples/shop/app.yaml')
    .action((words: readonly string[], options: DiffOptions) => diff(session, words, options));
}

async function diff(session: Session, words: readonly string[], options: DiffOptions): Promise<void> {
  const { terminal, signal } = session;
  const { sdk } = await session.plane();
  const row = await findSubject(session, words, placeOf(options));
  const app = options.file === undefined ? null : await readApp(session, options.file);
  const appName = isJsonObject(row.document) ? row.document.app : null;
  if (app && app.name !== appName) {
    throw new BadInputError(
      `${row.kind} ${row.name} is of the app ${String(appName)}, and the file ${app.place} is of ${app.name}.`,
    );
  }
  const { objectPlan } = await sdk.PlanObjects({ id: row.id, app: app?.spec ?? null }, { signal });
  for (const sentence of objectPlan.unavailable) terminal.say(sentence);
  if (objectPlan.steps.length === 0 && objectPlan.unavailable.length > 0) {
    throw new UnreachableError('Nothing could be compared.', { next: `portolan describe ${row.name}` });
  }
  if (options.output === 'json') terminal.print(JSON.stringify(objectPlan, null, 2));
  else terminal.print(planText(objectPlan, terminal.hasColour).join('\n'));
  if (options.exitCode && hasChanges(objectPlan)) throw new DifferencesError('Something would change.');
}
