import type { FieldNode, FieldTree } from './field-tree.js';
import type { openLedger } from './ledger.js';

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

/** The items of `before` of which every field is stated, whatever its value. */
export function wholeItems(before: FieldTree, stated: FieldTree): ReadonlySet<string> {
  const whole = new Set<string>();
  const visit = (node: FieldNode): boolean => {
    if (node.value !== undefined) return stated.nodes.has(node.path);
    const isWhole = node.children.map(visit).every(Boolean);
    if (isWhole && node.anchor !== null) whole.add(node.path);
    return isWhole;
  };
  visit(before.root);
  return whole;
}
