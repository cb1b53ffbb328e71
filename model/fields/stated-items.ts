import type { FieldNode, FieldTree } from './field-tree.js';
import type { Holding, openLedger } from './ledger.js';

/**
 * The paths of items that go, and of all in them: this manager made them, states them no more, and nobody else states
 * all of them.
 */
export function goneItems(
  { tree, fields, claims }: ReturnType<typeof openLedger>,
  stated: FieldTree,
  manager: string,
): ReadonlySet<string> {
  const gone = new Set<string>();
  const visit = (node: FieldNode, isGoneAbove: boolean): void => {
    const isGone = isGoneAbove || isLeft(node);
    if (isGone) gone.add(node.path);
    for (const child of node.children) visit(child, isGone);
  };
  const isLeft = ({ path, anchor }: FieldNode): boolean => {
    if (anchor === null || stated.nodes.has(path) || fields.get(anchor.path)?.owner !== manager) return false;
    return ![...(claims.get(anchor.path)?.keys() ?? [])].some((claimant) => claimant !== manager);
  };
  visit(tree.root, false);
  return gone;
}

/** The items in which there are fields that are not stated. */
export function partialItems(fields: Iterable<Holding>, stated: FieldTree): ReadonlySet<string> {
  const partial = new Set<string>();
  const seen = new Set<string>();
  for (const { place } of fields) {
    if (stated.nodes.has(place.path)) continue;
    for (let at = place.parent; at !== null && !seen.has(at.path); at = at.parent) {
      seen.add(at.path);
      if (at.step?.isItem) partial.add(at.path);
    }
  }
  return partial;
}
