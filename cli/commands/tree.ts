import type { Command } from 'commander';
import { renderTree } from '../output/render-tree.js';
import { treeOf } from '../output/tree-view.js';
import { findSubject, withSubject } from '../resources/find-subject.js';
import type { Session } from '../session.js';
import { type PlaceOptions, placeOf, withPlace } from './options.js';

/** `portolan tree [KIND] NAME`. */
export function addTree(program: Command, session: Session): void {
  const command = withSubject(program.command('tree')).description(
    'shows what a resource owns, down to the objects in the cluster, with their health',
  );
  withPlace(command).action(async (words: readonly string[], options: PlaceOptions) => {
    const plane = await session.plane();
    const row = await findSubject(session, words, placeOf(options));
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
