import type { Command } from 'commander';
import { matchKind } from '../kinds/match-kind.js';
import { renderTree } from '../output/render-tree.js';
import { treeOf } from '../output/tree-view.js';
import { findResource } from '../resources/find-resource.js';
import type { Session } from '../session.js';
import { type PlaceOptions, placeOf, withPlace } from './options.js';

/** `portolan tree KIND NAME`. */
export function addTree(program: Command, session: Session): void {
  const command = program
    .command('tree')
    .argument('<kind>', 'a kind, or the beginning of it')
    .argument('<name>', 'the name, or the id')
    .description('shows what a resource owns, down to the objects in the cluster, with their health');
  withPlace(command).action(async (word: string, name: string, options: PlaceOptions) => {
    const plane = await session.plane();
    const kind = matchKind(word, await plane.kinds());
    const row = await findResource(session, kind, name, placeOf(options));
    const { terminal, signal } = session;
    const place = {
      project: row.project?.name ?? null,
      environment: row.environment?.name ?? null,
      ownerId: row.ownerId,
    };
    const { resource } = await plane.sdk.GetTree({ kind: row.kind, name: row.name, ...place }, { signal });
    if (resource) terminal.print(renderTree(treeOf(resource), terminal).join('\n'));
  });
}
