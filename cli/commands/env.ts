import type { Command } from 'commander';
import type { Session } from '../session.js';
import { applyEdits } from './apply.js';
import { addListAndRemoval } from './of-kind.js';
import { defaultManager } from './options.js';

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

  addListAndRemoval(env, session, {
    kind: 'Environment',
    plural: 'environments',
    whenNone: 'There are no environments yet. Make one with: portolan env create dev',
    removal: { name: 'delete', description: 'deletes an environment that nothing is deployed to' },
  });
}
