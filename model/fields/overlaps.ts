import { isJsonObject, type Json } from '../../lib/canonical.js';
import { isOther } from '../layer-name.js';
import type { FieldLeaf, FieldNode, FieldTree } from './field-tree.js';
import type { Merge } from './merge-statement.js';

/** Where a statement and what is there do not fit beside each other: one has a field where the other has more below. */
export interface Overlaps {
  /** Stated fields that cannot be set, with what of others is in their way. */
  readonly blocked: ReadonlyMap<string, readonly FieldLeaf[]>;
  /** Fields that were there and make room. */
  readonly replaced: ReadonlySet<string>;
  /** Fields that were there and empty, where something is stated below. */
  readonly absorbed: ReadonlySet<string>;
  /** Fields that are stated as empty, where something is below. */
  readonly satisfied: ReadonlySet<string>;
}

export function findOverlaps({ before, stated, gone, manager, options }: Merge): Overlaps {
  const blocked = new Map<string, FieldLeaf[]>();
  const rivals: { readonly leaf: FieldLeaf; readonly of: readonly FieldLeaf[] }[] = [];
  const absorbed = new Set<string>();
  const satisfied = new Set<string>();
  for (const leaf of before.tree.fields.values()) {
    if (gone.has(leaf.path) || stated.fields.has(leaf.path)) continue;
    const below = stated.nodes.get(leaf.path);
    const above = below ? null : statedAbove(leaf, stated);
    if (below && isEmptyOf(leaf.value, below)) absorbed.add(leaf.path);
    else if (above && isEmptyOf(above.stated.value, above.node)) satisfied.add(above.stated.path);
    else if (below || above) rivals.push({ leaf, of: below ? leavesBelow(below) : above ? [above.stated] : [] });
  }
  const ownerOf = (path: string) => before.fields.get(path)?.owner ?? null;
  for (const { leaf, of } of rivals) {
    if (options.takeOver || !isOther(ownerOf(leaf.path), manager)) continue;
    for (const { path } of of) {
      const known = blocked.get(path);
      if (known) known.push(leaf);
      else blocked.set(path, [leaf]);
    }
  }
  const replaced = new Set(
    rivals.filter(({ of }) => of.some(({ path }) => !blocked.has(path))).map(({ leaf }) => leaf.path),
  );
  return { blocked, replaced, absorbed, satisfied };
}

/** The stated field that is above a leaf; `node` is what was there in its place. */
function statedAbove(
  leaf: FieldNode,
  stated: FieldTree,
): { readonly stated: FieldLeaf; readonly node: FieldNode } | null {
  for (let node = leaf.parent; node !== null; node = node.parent) {
    const found = stated.fields.get(node.path);
    if (found) return { stated: found, node };
    // What is stated there has more below, so there is no field above it.
    if (stated.nodes.has(node.path)) return null;
  }
  return null;
}

function leavesBelow(node: FieldNode): readonly FieldLeaf[] {
  return node.value === undefined ? node.children.flatMap(leavesBelow) : [node as FieldLeaf];
}

/** `{}` says no more than that there is an object; `[]` says that nothing is in the list. */
function isEmptyOf(value: Json, node: FieldNode): boolean {
  return !node.isList && isJsonObject(value) && Object.keys(value).length === 0;
}
