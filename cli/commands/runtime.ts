import type { Command } from 'commander';
import type { Session } from '../session.js';
import { addListAndRemoval } from './of-kind.js';
import { addRuntimeAdd } from './runtime-add.js';
import { addRuntimeDescribe } from './runtime-describe.js';

/** `portolan runtime add|list|describe|remove`. */
export function addRuntime(program: Command, session: Session): void {
  const runtime = program.command('runtime').description('registers, lists, shows and removes Kubernetes clusters');
  addRuntimeAdd(runtime, session);
  addRuntimeDescribe(runtime, session);
  addListAndRemoval(runtime, session, {
    kind: 'KubernetesRuntime',
    plural: 'runtimes',
    whenNone: 'There are no runtimes yet. Add one with: portolan runtime add NAME --kubeconfig PATH, or --sandbox',
    removal: {
      name: 'remove',
      description: 'takes what registration made out of a cluster that nothing is deployed to, and forgets it',
      force:
        'for a cluster that is lost: forgets it with all that is on it, asks it for nothing and removes nothing there',
    },
  });
}
