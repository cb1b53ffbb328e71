import type { Command } from 'commander';
import { BadInputError } from '../../lib/errors.js';
import { readApp } from '../files/read-app.js';
import { matchKind } from '../kinds/match-kind.js';
import { watchTree } from '../live/watch-tree.js';
import { secondsText } from '../output/duration.js';
import { lookFor, notFound } from '../resources/find-resource.js';
import { textAt } from '../resources/resource-json.js';
import type { Session } from '../session.js';
import { applyEdits, editOf } from './apply.js';
import { wholeNumber, withManager, withTimeout } from './options.js';

interface DeployOptions {
  readonly file?: string;
  readonly env: string;
  readonly project?: string;
  readonly runtime?: string;
  readonly name?: string;
  readonly release?: number;
  readonly watch?: boolean;
  readonly failFast?: boolean;
  readonly timeout: number;
  readonly manager: string;
  readonly takeOver?: boolean;
}

/** `portolan deploy [APP] --env E`. */
export function addDeploy(program: Command, session: Session): void {
  const command = program
    .command('deploy')
    .argument('[app]', 'the app; with -f its name is in the file')
    .description('deploys an app to an environment; with -f it states the app first')
    .requiredOption('-e, --env <name>', 'the environment')
    .option('-f, --file <path>', 'the file of the app, or - for standard input')
    .option('-p, --project <name>', 'the project; left out: default')
    .option('--runtime <name>', 'where to run; left out: as the environment or the project says')
    .option('--name <name>', 'of the instance; left out: that of the app')
    .option('--release <number>', 'left out: the newest', wholeNumber)
    .option('-w, --watch', 'shows its tree until it is Healthy')
    .option('--fail-fast', 'with --watch: gives up as soon as it is Degraded');
  withManager(withTimeout(command, 'how long to watch'))
    .addHelpText('after', '\nExample:\n  portolan deploy -f examples/wordpress/app.yaml --env dev --watch')
    .action((app: string | undefined, options: DeployOptions) => deploy(session, app, options));
}

async function deploy(session: Session, app: string | undefined, options: DeployOptions): Promise<void> {
  const plane = await session.plane();
  const file = options.file === undefined ? null : await readApp(session, options.file);
  const appName = file?.name ?? app;
  if (appName === undefined) throw new BadInputError('Say which app to deploy: its name, or its file with -f.');
  if (file && app !== undefined && app !== file.name)
    throw new BadInputError(`The file ${file.place} is of the app ${file.name}, not of ${app}.`);
  const project = options.project ?? file?.project ?? null;
  await refuseMissingEnvironment(session, options.env, project);

  const spec = {
    app: appName,
    ...(options.release === undefined ? {} : { release: options.release }),
    ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
  };
  const name = options.name ?? appName;
  const deployEdit = { op: 'DEPLOY' as const, kind: 'AppInstance', name, project, environment: options.env, spec };
  const edits = file ? [{ ...editOf(file, {}), project }, deployEdit] : [deployEdit];
  const applied = await applyEdits(session, edits, options);
  const instance = applied.at(-1);
  if (!options.watch || !instance) {
    return session.terminal.say(`Watch it with: portolan wait appinstance ${name} --env ${options.env}`);
  }
  const title = `AppInstance ${name}`;
  const failFast = options.failFast ?? false;
  const { tookMs } = await watchTree(session, {
    resourceId: instance.resourceId,
    title,
    until: 'healthy',
    timeoutMs: options.timeout,
    failFast,
  });
  const { node } = await plane.sdk.GetResourceById({ id: instance.resourceId }, { signal: session.signal });
  const url =
    node && 'status' in node
      ? textAt(Object.fromEntries(node.status.outputs.map((output) => [output.name, output.value])), 'url')
      : '';
  session.terminal.print(
    `${title} is Healthy after ${secondsText(tookMs)}.${url === '' ? '' : ` It answers at ${url}`}`,
  );
}

/** A missing environment is not made on the way: a slip of the pen must not deploy to a new place. */
async function refuseMissingEnvironment(session: Session, name: string, project: string | null): Promise<void> {
  const kind = matchKind('Environment', await (await session.plane()).kinds());
  const place = { project: project ?? 'default' };
  if ((await lookFor(session, kind, name, place)).length === 0) throw await notFound(session, kind, name, place);
}
