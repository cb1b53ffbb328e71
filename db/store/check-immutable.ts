import { BadInputError } from '../../lib/errors.js';
import { valueAtPath } from '../../model/layers/fill-layers.js';
import type { Draft } from './draft.js';
import type { World } from './world.js';

/** Refuses a change of what cannot change after creation (BadInputError). `pathOf`: where a field stands in the changeset. */
export function checkImmutable(
  world: World,
  draft: Draft,
  pathOf: (field: string) => readonly (string | number)[],
): void {
  const { kind, name, before, replacedFields } = draft;
  for (const field of before ? replacedFields : []) {
    const value = before && valueAtPath(before.spec, field);
    const known = value === undefined ? 'not set' : JSON.stringify(value);
    const error = new BadInputError(
      `${field} of ${kind.name} ${name} cannot change after creation; it is ${known}. Delete it and create it again, or leave the field as it is.`,
      { path: pathOf(field) },
    );
    world.refuse(error, [draft]);
  }
}
