import type { Command } from 'commander';
import { BadInputError } from '../../lib/errors.js';
import { readChanges } from '../files/read-changes.js';
import { readSources } from '../files/read-sources.js';
import { readDeployment } from '../planning/deployment.js';
import type { Edits } from '../planning/plan-input.js';
import { type ShowOptions, showing, showPlan } from '../planning/show-plan.js';
import { statedEdit } from '../planning/stated-edit.js';
import type { Session } from '../session.js';
import { planDeletion } from './delete.js';
import { type PlaceOptions, wholeNumber, withManager, withParameters, withPlace, withPlanOutput } from './options.js';

interface PlanOptions extends ShowOptions {
  readonly file?: readonly string[];
  readonly env?: string;
  readonly project?: string;
  readonly runtime?: string;
  readonly name?: string;
  readonly release?: number;
  readonly set?: readonly string[];
  readonly manager: string;
  readonly takeOver?: boolean;
}

/** `portolan plan [APP] [-f FILE]` and `portolan plan delete KIND NAME`. */
export function addPlan(program: Command, session: Session): void {
  const command = program
    .command('plan')
    .enablePositionalOptions()
    .argument('[app]', 'an app that would be deployed; with -f its name is in the file')
    .description('shows what apply or deploy would do, step by step; changes nothing')
    .option('-f, --file <path...>', 'a file, a folder, a glob, or - for standard input')
    .option('-e, --env <name>', 'where to deploy the app; else for documents that name no environment and need one')
    .option('-p, --project <name>', 'for what names no project; left out: default')
    .option('--runtime <name>', 'where the app would run')
    .option('--name <name>', 'of the instance; left out: that of the app')
    .option('--release <number>', 'left out: the newest', wholeNumber);
  withPlanOutput(withManager(withParameters(command)))
    .addHelpText('after', '\nExample:\n  portolan plan -f examples/wordpress/app.yaml --env dev')
    .action((app: string | undefined, options: PlanOptions) =>
      showing(options, async () => {
        const { manager, takeOver } = options;
        await showPlan(
          session,
          { edits: await editsOf(session, app, options), manager, takeOver: takeOver ?? false },
          options,
        );
      }),
    );

  const deletion = command
    .command('delete')
    .argument('<kind>', 'a kind, or the beginning of it')
    .argument('<name>', 'the name, or the id')
    .description('shows what would go with a resource, in which order, and what stands in the way');
  withPlanOutput(withPlace(deletion)).action((kind: string, name: string, options: ShowOptions & PlaceOptions) =>
    planDeletion(session, kind, name, options),
  );
}

async function editsOf(session: Session, app: string | undefined, options: PlanOptions): Promise<Edits> {
  const { file, env } = options;
  if (file === undefined) {
    if (app === undefined) throw new BadInputError('Say what to plan: files with -f, or an app with --env.');
    if (env === undefined) throw new BadInputError(`Say where ${app} would be deployed, with --env.`);
    return (await readDeployment(session, app, null, { ...options, env })).edits;
  }
  const { documents, reader } = await readSources(session, file);
  const stated = await readChanges(documents, await (await session.plane()).kindsWithSchemas(), reader);
  const [first, second] = stated;
  if (env !== undefined && first?.kind.name === 'App' && !second) {
    return (await readDeployment(session, app, first, { ...options, env })).edits;
  }
  return stated.map((resource) => statedEdit(resource, options));
}
