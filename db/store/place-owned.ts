import { isSameJson, type JsonObject } from '../../lib/canonical.js';
import { ConflictError } from '../../lib/errors.js';
import type { ExpandedChild } from '../../model/expand/expander.js';
import { stateAll } from '../../model/managers.js';
import type { Managers } from '../../model/resource.js';
import { kindOf } from './context.js';
import type { Draft } from './draft.js';
import type { World } from './world.js';

/** Makes and changes what a resource owns, and marks for deletion what it owns no more. */
export function placeOwned(
  world: World,
  owner: Draft,
  children: readonly ExpandedChild[],
  owned: readonly Draft[],
): void {
  const byName = new Map(owned.map((child) => [`${child.kind.name} ${child.name}`, child]));
  for (const child of children) {
    const key = `${child.kind} ${child.name}`;
    const known = byName.get(key);
    byName.delete(key);
    if (known?.isDeleting) {
      throw new ConflictError(
        `${child.kind} ${child.name} of ${owner.name} is still being removed. Deploy again when it is gone.`,
      );
    }
    const draft =
      known ??
      world.add({
        kind: kindOf(world.context, child.kind),
        name: child.name,
        projectId: owner.projectId,
        environmentId: owner.environmentId,
        ownerId: owner.id,
        scopeId: owner.id,
      });
    stateChild(draft, child);
  }
  for (const left of byName.values()) left.isDeleting = true;
}

/** What the expansion says, field by field in the name of the layer that it comes from. */
export function stateChild(draft: Draft, child: ExpandedChild): void {
  if (!isSameJson(draft.spec, child.spec)) draft.spec = child.spec;
  draft.managers = managersOf(child.spec, child.layers);
}

function managersOf(spec: JsonObject, layers: ExpandedChild['layers']): Managers {
  const paths = Object.keys(layers).sort((a, b) => b.length - a.length);
  const layerOf = (field: string) => {
    const path = paths.find((prefix) => prefix === '' || field === prefix || field.startsWith(`${prefix}.`));
    return path === undefined ? UNSAID : (layers[path] ?? UNSAID);
  };
  return Object.fromEntries(Object.keys(stateAll(spec, '').managers).map((field) => [field, layerOf(field)]));
}

/** Of what an expander does not say where it comes from. */
const UNSAID = 'layer:default';
