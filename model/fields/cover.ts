import type { FieldNode, FieldTree } from './field-tree.js';

/** Texts by path. An entry of a list, or of something in one, is about all that is below it, unless a longer path says otherwise. */
export type Cover = Readonly<Record<string, string>>;

/**
 * The shortest cover that says this of each leaf: a list, or what is in one, has one entry where all of it is the same;
 * `anywhere`: any object too. A leaf of which nothing is said has none.
 */
export function coverOf(
  tree: FieldTree,
  textOf: (path: string) => string | null,
  folds: 'lists' | 'anywhere' = 'lists',
): Cover {
  const cover: [string, string][] = [];
  // Returns what is true of all below; undefined where that is not one text. What it did not put into `cover` is its caller's.
  const visit = (node: FieldNode): string | undefined => {
    if (node.value !== undefined) return textOf(node.path) ?? undefined;
    const start = cover.length;
    const texts = node.children.map((child) => ({ child, text: visit(child) }));
    const [first] = texts;
    const isOne = first?.text !== undefined && texts.every(({ text }) => text === first.text);
    if ((node.isListed || folds === 'anywhere') && isOne && cover.length === start) return first.text;
    for (const { child, text } of texts) if (text !== undefined) cover.push([child.path, text]);
    return undefined;
  };
  const all = visit(tree.root);
  return all === undefined ? Object.fromEntries(cover) : { '': all };
}

/**
 * What a cover says of each leaf; leaves of which it says nothing are missing. Covers that older versions stored, which
 * had an entry for a list as a whole, are understood as well: it is about all that the list has.
 */
export function uncover(tree: FieldTree, cover: Cover): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const visit = (node: FieldNode, above: string | undefined): void => {
    const text = Object.hasOwn(cover, node.path) ? cover[node.path] : above;
    if (node.value !== undefined && text !== undefined) texts.set(node.path, text);
    for (const child of node.children) visit(child, text);
  };
  if (Object.keys(cover).length > 0) visit(tree.root, undefined);
  return texts;
}
