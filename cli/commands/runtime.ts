import type { Command } from 'commander';
import { matchKind } from '../kinds/match-kind.js';
import { printResources } from '../output/print-resources.js';
import { filterFor } from '../resources/find-resource.js';
import { listResources } from '../resources/list-resources.js';
import type { Session } from '../session.js';
import { deleteResource } from './delete.js';
import { type Output, withOutput, withTimeout } from './options.js';
import { addRuntimeAdd } from './runtime-add.js';

/** `portolan runtime add|list|remove`. */
export function addRuntime(program: Command, session: Session): void {
  const runtime = program.command('runtime').description('registers, lists and removes Kubernetes clusters');
  addRuntimeAdd(runtime, session);

  withOutput(
    runtime.command('list').description('lists runtimes').option('-p, --project <name>', 'only in this project'),
  ).action(async (options: { project?: string; output: Output }) => {
    const plane = await session.plane();
    const kind = matchKind('KubernetesRuntime', await plane.kinds());
    const rows = await listResources(plane, filterFor(kind, options), session.signal);
    const whenNone =
      'There are no runtimes yet. Add one with: portolan runtime add NAME --kubeconfig PATH, or --sandbox';
    printResources(session, rows, { output: options.output, kind, isOne: false, whenNone });
  });

  const remove = runtime
    .command('remove')
    .argument('<name>')
    .description('forgets a cluster that nothing is deployed to; the cluster stays');
  withTimeout(
    remove
      .option('-p, --project <name>')
      .option('-w, --wait', 'until it is gone')
      .option('-y, --yes', 'asks no questions'),
    'how long to wait',
  ).action((name: string, options) => deleteResource(session, 'KubernetesRuntime', name, options));
}
