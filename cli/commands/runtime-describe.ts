import type { Command } from 'commander';
import { isJsonObject } from '../../lib/canonical.js';
import { matchKind } from '../kinds/match-kind.js';
import { runtimeText } from '../output/runtime-text.js';
import { findResource } from '../resources/find-resource.js';
import { listResources } from '../resources/list-resources.js';
import type { Session } from '../session.js';

/** `portolan runtime describe NAME`. */
export function addRuntimeDescribe(runtime: Command, session: Session): void {
  runtime
    .command('describe')
    .argument('<name>')
    .description(
      'shows a cluster: version, nodes, capacity, since when it is reached, credential, rights, what is on it',
    )
    .option('-p, --project <name>', 'only in this project')
    .action(async (name: string, options: { project?: string }) => {
      const plane = await session.plane();
      const row = await findResource(session, matchKind('KubernetesRuntime', await plane.kinds()), name, options);
      const project = row.project ? { project: row.project.name } : {};
      const [instances, { events }] = await Promise.all([
        listResources(plane, { kinds: ['AppInstance'], ...project }, session.signal),
        plane.sdk.ListEvents({ filter: { resourceId: row.id }, first: SHOWN_EVENTS }, { signal: session.signal }),
      ]);
      const { terminal, clock } = session;
      const onIt = instances.filter(({ document }) => isJsonObject(document) && document.runtime === row.name);
      const around = { instances: onIt, events: events.nodes };
      terminal.print(runtimeText(row, around, { terminal, nowMs: clock.now() }).join('\n'));
    });
}

/** `portolan events` has more. */
const SHOWN_EVENTS = 10;
