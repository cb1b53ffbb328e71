import type { Command } from 'commander';
import { matchKind } from '../kinds/match-kind.js';
import { printResources } from '../output/print-resources.js';
import { filterFor } from '../resources/find-resource.js';
import { listResources } from '../resources/list-resources.js';
import type { Session } from '../session.js';
import { applyEdits } from './apply.js';
import { deleteResource } from './delete.js';
import { defaultManager, type Output, withOutput, withTimeout } from './options.js';

interface CreateOptions {
  readonly project?: string;
  readonly tier?: string;
  readonly runtime?: string;
  readonly description?: string;
}

/** `portolan env create|list|delete`. */
export function addEnv(program: Command, session: Session): void {
  const env = program.command('env').description('makes, lists and deletes environments');
  env
    .command('create')
    .argument('<name>')
    .description('makes an environment: a place to deploy to')
    .option('-p, --project <name>', 'left out: default')
    .option('--tier <name>', 'its class of criticality')
    .option('--runtime <name>', 'where its apps run; left out: on the default runtime of the project')
    .option('--description <text>')
    .action(async (name: string, { project, tier, runtime, description }: CreateOptions) => {
      const spec = {
        ...(tier ? { tier } : {}),
        ...(runtime ? { runtime } : {}),
        ...(description ? { description } : {}),
      };
      const edit = { op: 'CREATE' as const, kind: 'Environment', name, project: project ?? null, spec };
      await applyEdits(session, [edit], { manager: defaultManager });
    });

  withOutput(
    env.command('list').description('lists environments').option('-p, --project <name>', 'only in this project'),
  ).action(async (options: { project?: string; output: Output }) => {
    const plane = await session.plane();
    const kind = matchKind('Environment', await plane.kinds());
    const rows = await listResources(plane, filterFor(kind, options), session.signal);
    const whenNone = 'There are no environments yet. Make one with: portolan env create dev';
    printResources(session, rows, { output: options.output, kind, isOne: false, whenNone });
  });

  const remove = env
    .command('delete')
    .argument('<name>')
    .description('deletes an environment that nothing is deployed to');
  withTimeout(
    remove
      .option('-p, --project <name>')
      .option('-w, --wait', 'until it is gone')
      .option('-y, --yes', 'asks no questions'),
    'how long to wait',
  ).action((name: string, options) => deleteResource(session, 'Environment', name, options));
}
