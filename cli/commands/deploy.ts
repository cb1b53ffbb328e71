import type { Command } from 'commander';
import { watchTree } from '../live/watch-tree.js';
import { secondsText } from '../output/duration.js';
import { agreeTo } from '../planning/agree.js';
import { type DeploymentOptions, readDeployment } from '../planning/deployment.js';
import { textAt } from '../resources/resource-json.js';
import type { Session } from '../session.js';
import { applyEdits } from './apply.js';
import { wholeNumber, withManager, withParameters, withPlanHash, withTimeout, withYes } from './options.js';

interface DeployOptions extends DeploymentOptions {
  readonly file?: string;
  readonly planHash?: string;
  readonly yes?: boolean;
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
  withManager(withPlanHash(withYes(withParameters(withTimeout(command, 'how long to watch')))))
    .addHelpText('after', '\nExample:\n  portolan deploy -f examples/wordpress/app.yaml --env dev --watch')
    .action((app: string | undefined, options: DeployOptions) => deploy(session, app, options));
}

async function deploy(session: Session, app: string | undefined, options: DeployOptions): Promise<void> {
  const plane = await session.plane();
  const { edits, name } = await readDeployment(session, app, options.file ?? null, options);
  const agreed = await agreeTo(session, edits, 'Deploy this?', options);
  const applied = await applyEdits(session, edits, { ...options, ...agreed });
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
