import { type FieldPlace, parseFieldPath, pathBelow, rootPlace } from '../fields/field-path.js';
import type { FieldLeaf, FieldNode, FieldTree } from '../fields/field-tree.js';

/** The fields at and below a path; all of them for `''`. */
export function fieldsAt(tree: FieldTree, path: string): readonly FieldLeaf[] {
  const node = tree.nodes.get(parseFieldPath(path).path);
  return node ? leavesOf(node) : [];
}

/** The fields at and below paths that end so: `image`, `containers[web].image`. */
export function fieldsEnding(tree: FieldTree, path: string): readonly FieldLeaf[] {
  const { path: wanted } = parseFieldPath(path);
  const ends = [...tree.nodes.values()].filter(({ path: at }) => at.endsWith(wanted) && isWhole(at, wanted));
  return [...new Set(ends.flatMap(leavesOf))];
}

/** A child that a path of its owner leads into, and the path in it. `components[web].objects`, `db.storageGb`. */
export interface ChildAddress {
  readonly name: string;
  readonly path: string;
}

export function childAddress(path: string): ChildAddress | null {
  const steps = stepsOf(parseFieldPath(path));
  const [first, second] = steps;
  if (!first) return null;
  const isListed = second?.isItem === true && (first.key === 'components' || first.key === 'dependencies');
  const name = isListed ? second.key : first.key;
  const rest = steps.slice(isListed ? 2 : 1);
  const isSpec = first.key === 'dependencies' && rest[0]?.key === 'spec';
  return { name, path: (isSpec ? rest.slice(1) : rest).reduce(pathBelow, rootPlace.path) };
}

function stepsOf(place: FieldPlace) {
  const steps = [];
  for (let at: FieldPlace | null = place; at?.step; at = at.parent) steps.unshift(at.step);
  return steps;
}

function leavesOf(node: FieldNode): readonly FieldLeaf[] {
  return node.value === undefined ? node.children.flatMap(leavesOf) : [node as FieldLeaf];
}

/** Whether an ending begins where a step of the path does. */
function isWhole(path: string, ending: string): boolean {
  const before = path.at(-ending.length - 1);
  return before === undefined || before === '.' || ending.startsWith('[');
}
