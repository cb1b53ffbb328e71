import { isJsonObject, isSameJson } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import { managerAt, valueAtPath } from '../../model/layers/fill-layers.js';
import { checkImmutable } from './check-immutable.js';
import type { Draft } from './draft.js';
import type { StatedEdit } from './edits.js';
import { fillSpecs } from './fill-specs.js';
import type { StatedChild } from './place-owned.js';
import type { World } from './world.js';

/**
 * What expansions state, with what layers say of the rest. Held to the same guardrails and schemas as what people write; an
 * error is about the edit of the app instance that brings it.
 */
export async function fillChildren(
  world: World,
  children: readonly StatedChild[],
  edited: readonly StatedEdit[],
): Promise<void> {
  const indexes = new Map(edited.map(({ draft, index }) => [draft, index]));
  const statements = children.map(({ draft, stated, from }) => ({
    draft,
    stated,
    ...(draft.ownerId === null && { neededBy: from }),
    pathOf: pathIn(world, indexes, draft, from, (field) => managerAt(stated.managers, field)),
  }));
  const filled = await fillSpecs(world, statements);
  for (const { draft, stated, pathOf } of statements) {
    const { spec, managers } = filled.get(draft) ?? stated;
    draft.managers = managers;
    if (isSameJson(draft.spec, spec)) continue;
    draft.spec = spec;
    if (draft.kind.madeBy !== 'user' || draft.isRefused) continue;
    leadTo(draft, pathOf, () => world.context.validator.validate(draft.kind, spec));
    checkImmutable(world, draft, (field) => pathOf?.(field) ?? []);
  }
}

type Path = readonly (string | number)[];

/** What people wrote that a field of a child comes from: the override of a dependency, the parameters, or the release. */
function pathIn(
  world: World,
  indexes: ReadonlyMap<Draft, number>,
  child: Draft,
  from: Draft,
  managerOf: (field: string) => string | null,
): ((field: string) => Path) | null {
  const index = indexes.get(from);
  if (index === undefined) {
    const owner = from.ownerId === null ? null : world.get(from.ownerId);
    return owner ? pathIn(world, indexes, from, owner, () => null) : null;
  }
  const root = ['edits', index, 'spec'];
  return (field) => {
    const { dependencies } = from.spec;
    const own = isJsonObject(dependencies) ? dependencies[child.name] : undefined;
    if (isJsonObject(own) && isJsonObject(own.spec) && valueAtPath(own.spec, field) !== undefined) {
      return [...root, 'dependencies', child.name, 'spec', ...field.split('.')];
    }
    if (isJsonObject(own) && field === 'definition' && own.definition !== undefined) {
      return [...root, 'dependencies', child.name, 'definition'];
    }
    const manager = managerOf(field);
    if (manager === 'layer:instance') return [...root, 'parameters'];
    return manager?.startsWith('layer:release/') ? [...root, 'release'] : root;
  };
}

/** An error about a child names it, and leads to what people wrote. */
function leadTo(draft: Draft, pathOf: ((field: string) => Path) | null, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    const field = (error.details.path ?? []).join('.');
    const message = error.message.includes(draft.name)
      ? error.message
      : `${draft.kind.name} ${draft.name}: ${error.message}`;
    throw new BadInputError(message, { ...error.details, path: pathOf?.(field) ?? [] }, { cause: error.cause });
  }
}
