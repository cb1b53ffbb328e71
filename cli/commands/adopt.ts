import { type Command, Option } from 'commander';
import { DifferencesError, InterruptedError } from '../errors.js';
import { adoptionText } from '../output/adoption-text.js';
import type { Session } from '../session.js';
import { defaultManager, withYes } from './options.js';

interface AdoptOptions {
  readonly runtime: string;
  readonly namespace: string;
  readonly app: string;
  readonly env: string;
  readonly project?: string;
  readonly selector?: string;
  readonly except?: readonly string[];
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly output: 'text' | 'json';
}

/** `portolan adopt --runtime R --namespace NS --app NAME --env ENV`. */
export function addAdopt(program: Command, session: Session): void {
  const command = program
    .command('adopt')
    .description('looks after what runs already in a namespace: makes an app of it, and changes nothing there')
    .requiredOption('--runtime <name>', 'where it runs')
    .requiredOption('-n, --namespace <name>', 'the namespace')
    .requiredOption('--app <name>', 'the name of the app and its instance')
    .requiredOption('-e, --env <name>', 'the environment of the instance')
    .option('-p, --project <name>', 'the project; left out: default')
    .option('-l, --selector <selector>', 'only what carries these labels, as kubectl takes it')
    .option('--except <object...>', 'not these, as Secret/tls')
    .option('--dry-run', 'only shows what would be taken over')
    .addOption(new Option('-o, --output <form>', 'how to print it').choices(['text', 'json']).default('text'));
  withYes(command)
    .addHelpText(
      'after',
      '\nExample:\n  portolan adopt --runtime prod --namespace shop --app shop --env prod --dry-run',
    )
    .action((options: AdoptOptions) => adopt(session, options));
}

async function adopt(session: Session, options: AdoptOptions): Promise<void> {
  const { terminal, signal } = session;
  const { sdk } = await session.plane();
  const { runtime, namespace, app, env, project, selector, except, output } = options;
  const input = {
    runtime,
    namespace,
    app,
    environment: env,
    ...(project === undefined ? {} : { project }),
    ...(selector === undefined ? {} : { selector }),
    ...(except === undefined ? {} : { except }),
  };
  const { adoption } = await sdk.LookAtAdoption({ input }, { signal });
  for (const sentence of adoption.unavailable) terminal.say(sentence);
  if (output === 'json') terminal.print(JSON.stringify(adoption, null, 2));
  else terminal.print(adoptionText(adoption, terminal.hasColour).join('\n'));
  if (!adoption.isUnchanged) {
    throw new DifferencesError('Not all of it can be taken over as it is.', {
      next: 'Leave those objects out with --except, or settle first what changes them.',
    });
  }
  if (options.dryRun) return terminal.say('Nothing was written.');
  if (!options.yes && session.isAttended) {
    const answer = await session.ask(`Look after these ${adoption.objects.length} objects as ${app} in ${env}? [y/N] `);
    if (answer !== null && !/^y(es)?$/i.test(answer.trim())) throw new InterruptedError('Nothing was written.');
  }
  const agreed = { ...input, digest: adoption.digest, manager: defaultManager };
  const { adopt: payload } = await sdk.Adopt({ input: agreed }, { signal });
  for (const { kind, name, result } of payload.edits) terminal.print(`${kind} ${name}  ${result}`);
  terminal.say(`Watch it with: portolan wait appinstance ${app} --env ${env}`);
}
