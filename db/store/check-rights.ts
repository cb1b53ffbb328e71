import { ForbiddenError } from '../../lib/errors.js';
import type { KindDefinition } from '../../lib/kind.js';
import type { Edit } from '../../model/changeset.js';
import type { Draft } from './draft.js';
import type { World } from './world.js';

/** A developer writes what is not the platform's, and forgets nothing that is outside. Throws ForbiddenError. */
export function checkKindRights({ actor, context }: World, edit: Edit, index: number): void {
  if (actor.role !== 'developer') return;
  const kind = context.registry.find(edit.kind);
  if (kind && !isForDevelopers(kind)) {
    const theirs = context.registry.kinds.filter(isForDevelopers).map(({ name }) => name);
    throw new ForbiddenError(
      `The kind ${kind.name} is the platform's to write, and ${actor.name} has the role developer. Developers write: ${theirs.join(', ')}.`,
      { path: ['edits', index, 'kind'], next: 'Use a token of the role operator.' },
    );
  }
  if (!edit.force) return;
  throw new ForbiddenError(
    `To forget what is outside is for operators, and ${actor.name} has the role developer. Delete it without force.`,
    { path: ['edits', index, 'force'] },
  );
}

/** A developer writes in projects of their own. Throws ForbiddenError. */
export function checkProjectRights({ actor }: World, project: Draft, index: number): void {
  if (actor.role !== 'developer' || actor.projectIds?.includes(project.id)) return;
  throw new ForbiddenError(`The project ${project.name} is not one that ${actor.name} may write in.`, {
    path: ['edits', index, 'project'],
  });
}

const isForDevelopers = ({ audience, madeBy }: KindDefinition) => audience !== 'platform' && madeBy === 'user';
