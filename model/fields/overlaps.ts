import { isJsonObject } from '../../lib/canonical.js';
import { isOther } from '../layer-name.js';
import type { FieldLeaf, FieldNode, FieldTree } from './field-tree.js';
import type { Merge } from './merge-statement.js';

/**
 * Where a statement and what is there do not fit beside each other: one has a field where the other has more below, or an
 * object where the other has a list.
 */
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
  const absorbed = new Set<string>();
  const satisfied = new Set<string>();
  /** By the stated node that they do not fit beside. */
  const rivals = new Map<FieldNode, FieldLeaf[]>();
  for (const leaf of before.tree.fields.values()) {
    if (gone.has(leaf.path) || stated.fields.has(leaf.path)) continue;
    const { node, met } = meeting(leaf, stated);
    if (!met || (met.value === undefined && node.value === undefined && node.isList === met.isList)) continue;
    if (isEmptyObject(node.value) && !met.isList) absorbed.add(leaf.path);
    else if (isEmptyObject(met.value) && !node.isList) satisfied.add(met.path);
    else if (rivals.has(met)) rivals.get(met)?.push(leaf);
    else rivals.set(met, [leaf]);
  }
  const blocked = new Map<string, readonly FieldLeaf[]>();
  const replaced = new Set<string>();
  for (const [met, leaves] of rivals) {
    const ofOthers = leaves.filter(({ path }) => isOther(before.fields.get(path)?.owner, manager));
    if (options.takeOver || ofOthers.length === 0) {
      for (const { path } of leaves) replaced.add(path);
      continue;
    }
    // The first one tells of all that is in the way.
    leavesBelow(met).forEach(({ path }, index) => {
      blocked.set(path, index === 0 ? ofOthers : ofOthers.slice(0, 1));
    });
  }
  return { blocked, replaced, absorbed, satisfied };
}

/** The nearest place at or above a leaf where something is stated: what was there, and what is stated. */
function meeting(leaf: FieldNode, stated: FieldTree): { readonly node: FieldNode; readonly met: FieldNode | null } {
  for (let node: FieldNode | null = leaf; node !== null; node = node.parent) {
    const met = stated.nodes.get(node.path);
    if (met) return { node, met };
  }
  return { node: leaf, met: null };
}

function leavesBelow(node: FieldNode): readonly FieldLeaf[] {
  return node.value === undefined ? node.children.flatMap(leavesBelow) : [node as FieldLeaf];
}

/** `{}` says no more than that there is an object; `[]` that nothing is in the list. */
function isEmptyObject(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}
