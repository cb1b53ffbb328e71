import type { Command } from 'commander';
import { BadInputError } from '../../lib/errors.js';
import type { ResourceRowFragment } from '../../sdk/generated/operations.js';
import { matchKind } from '../kinds/match-kind.js';
import type { Session } from '../session.js';
import { findResource, lookFor, notFound, type Place } from './find-resource.js';

/** What a single name means: what people care about most. */
export const mainKind = 'AppInstance';

/** `[KIND] NAME`: what a command is about. */
export function withSubject(command: Command): Command {
  return command
    .argument('<name...>', 'a name, or the id; before it the kind, or the beginning of it (left out: app instances)')
    .usage('[options] [kind] <name>');
}

/**
 * The resource that `KIND NAME` names, or the app instance that `NAME` names. Throws BadInputError for other numbers of
 * words, NotFoundError naming what is near.
 */
export async function findSubject(
  session: Session,
  words: readonly string[],
  place: Place,
): Promise<ResourceRowFragment> {
  const [first = '', second, ...rest] = words;
  if (rest.length > 0) {
    throw new BadInputError(
      `"${words.join(' ')}" is too much: give a kind and a name, or the name of an app instance.`,
    );
  }
  const kinds = await (await session.plane()).kinds();
  if (second !== undefined) return findResource(session, matchKind(first, kinds), second, place);
  const kind = matchKind(mainKind, kinds);
  if ((await lookFor(session, kind, first, place)).length > 0) return findResource(session, kind, first, place);
  const meant = kinds.find(({ name, plural }) =>
    [name, plural].some((word) => word.toLowerCase() === first.toLowerCase()),
  );
  if (meant)
    throw new BadInputError(`Say of which ${meant.name}.`, { next: `portolan get ${meant.plural.toLowerCase()}` });
  throw await notFound(session, kind, first, place);
}
