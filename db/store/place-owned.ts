import type { JsonObject } from '../../lib/canonical.js';
import { ConflictError } from '../../lib/errors.js';
import type { ExpandedChild } from '../../model/expand/expander.js';
import { coverOf } from '../../model/fields/cover.js';
import { treeOf } from '../../model/fields/field-tree.js';
import type { FilledSpec } from '../../model/layers/fill-layers.js';
import { kindOf } from './context.js';
import type { Draft } from './draft.js';
import type { World } from './world.js';

/** What an expansion states of a resource. */
export interface StatedChild {
  readonly draft: Draft;
  readonly stated: FilledSpec;
  /** The resource that needs it. */
  readonly from: Draft;
}

/** Finds or makes what a resource owns, and marks for deletion what it owns no more. */
export function placeOwned(
  world: World,
  owner: Draft,
  children: readonly ExpandedChild[],
  owned: readonly Draft[],
): readonly StatedChild[] {
  const byName = new Map(owned.map((child) => [`${child.kind.name} ${child.name}`, child]));
  const stated = children.map((child): StatedChild => {
    const key = `${child.kind} ${child.name}`;
    const found = byName.get(key) ?? null;
    byName.delete(key);
    const isMoved = found !== null && !found.isDeleting && isElsewhere(found, child);
    if (isMoved) world.retire(found);
    const known = isMoved ? null : found;
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
    if (owner.isRefreshed) draft.isRefreshed = true;
    return { draft, from: owner, stated: statedBy(child) };
  });
  for (const left of byName.values()) left.isDeleting = true;
  return stated;
}

/** What is on a runtime cannot be moved to another one: it goes there, and another one comes here. */
function isElsewhere({ kind, spec }: Draft, child: ExpandedChild): boolean {
  return kind.immutable.includes('runtime') && spec.runtime !== child.spec.runtime && child.spec.runtime !== undefined;
}

/** What the expansion says, field by field in the name of the layer that it comes from. */
export function statedBy({ spec, layers }: Pick<ExpandedChild, 'spec' | 'layers'>): FilledSpec {
  const paths = Object.keys(layers).sort((a, b) => b.length - a.length);
  const layerOf = (field: string) => {
    const isBelow = (prefix: string) => prefix === '' || field === prefix || /^[.[]/.test(after(field, prefix));
    const path = paths.find(isBelow);
    return path === undefined ? UNSAID : (layers[path] ?? UNSAID);
  };
  return { spec, managers: coverOf(treeOf(spec as JsonObject), layerOf) };
}

const after = (field: string, prefix: string) => (field.startsWith(prefix) ? field.slice(prefix.length) : '');

/** Of what an expander does not say where it comes from. */
const UNSAID = 'layer:default';
