import type { Command } from 'commander';
import { matchKind } from '../kinds/match-kind.js';
import { agreeTo } from '../planning/agree.js';
import { findResource } from '../resources/find-resource.js';
import type { Session } from '../session.js';
import { applyEdits } from './apply.js';
import { defaultManager, type PlaceOptions, placeOf, withPlace, withYes } from './options.js';

/** `portolan refresh KIND NAME`: takes over what layers say now. */
export function addRefresh(program: Command, session: Session): void {
  const command = program
    .command('refresh')
    .argument('<kind>', 'a kind, or the beginning of it')
    .argument('<name>', 'the name, or the id')
    .description(
      'takes over what definitions say now, where their changes wait for approval; of an app all that it owns',
    );
  withPlace(withYes(command)).action((kind: string, name: string, options: PlaceOptions & { readonly yes?: boolean }) =>
    refresh(session, kind, name, options),
  );
}

async function refresh(
  session: Session,
  kindWord: string,
  name: string,
  options: PlaceOptions & { readonly yes?: boolean },
): Promise<void> {
  const kind = matchKind(kindWord, await (await session.plane()).kinds());
  const row = await findResource(session, kind, name, placeOf(options));
  const edit = {
    op: 'REFRESH' as const,
    kind: row.kind,
    name: row.name,
    project: row.project?.name ?? null,
    environment: row.environment?.name ?? null,
  };
  const held = { ...options, manager: defaultManager };
  const agreed = await agreeTo(session, [edit], 'Take this over?', held);
  await applyEdits(session, [edit], { manager: defaultManager, ...agreed });
}
