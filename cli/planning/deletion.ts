import type { PlaceOptions } from '../commands/options.js';
import { placeOf } from '../commands/options.js';
import { matchKind } from '../kinds/match-kind.js';
import { findResource } from '../resources/find-resource.js';
import type { Session } from '../session.js';

/** The edit that deletes a resource. Throws NotFoundError. */
export async function readDeletion(
  session: Session,
  kindWord: string,
  name: string,
  options: PlaceOptions & { readonly force?: boolean },
) {
  const kind = matchKind(kindWord, await (await session.plane()).kinds());
  const row = await findResource(session, kind, name, placeOf(options));
  const edit = {
    op: 'DELETE' as const,
    kind: row.kind,
    name: row.name,
    project: row.project?.name ?? null,
    environment: row.environment?.name ?? null,
    ...(options.force ? { force: true } : {}),
  };
  return { row, edit };
}
