import type { Command } from 'commander';
import { matchKind } from '../kinds/match-kind.js';
import { printResources } from '../output/print-resources.js';
import { filterFor } from '../resources/find-resource.js';
import { listResources } from '../resources/list-resources.js';
import type { Session } from '../session.js';
import { deleteResource } from './delete.js';
import { type Output, withOutput, withTimeout } from './options.js';

/** What the commands of one kind (`env`, `runtime`) say. */
export interface OfKind {
  readonly kind: string;
  /** For people, in the plural: `environments`. */
  readonly plural: string;
  /** How to make the first one. */
  readonly whenNone: string;
  /** The word for deleting one, and what it does. */
  readonly removal: {
    readonly name: string;
    readonly description: string;
    /** What `--force` does; left out: there is none. */
    readonly force?: string;
  };
}

/** `list`, and the command that deletes one. */
export function addListAndRemoval(
  parent: Command,
  session: Session,
  { kind, plural, whenNone, removal }: OfKind,
): void {
  withOutput(
    parent.command('list').description(`lists ${plural}`).option('-p, --project <name>', 'only in this project'),
  ).action(async (options: { project?: string; output: Output }) => {
    const plane = await session.plane();
    const view = matchKind(kind, await plane.kinds());
    const rows = await listResources(plane, filterFor(view, options), session.signal);
    printResources(session, rows, { output: options.output, kind: view, isOne: false, whenNone });
  });

  const command = parent
    .command(removal.name)
    .argument('<name>')
    .description(removal.description)
    .option('-p, --project <name>', 'only in this project')
    .option('-w, --wait', 'until it is gone')
    .option('-y, --yes', 'asks no questions');
  if (removal.force !== undefined) command.option('--force', removal.force);
  withTimeout(command, 'how long to wait').action((name: string, options) =>
    deleteResource(session, kind, name, options),
  );
}
