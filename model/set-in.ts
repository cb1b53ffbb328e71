import { isSameJson, type JsonObject } from '../lib/canonical.js';
import { coverOf, uncover } from './fields/cover.js';
import { type FieldPlace, parseFieldPath } from './fields/field-path.js';
import { treeOf } from './fields/field-tree.js';
import type { Managers } from './resource.js';

/** By path, the changeset that last set a field. An entry is about all below it; fields of which it is not known have none. */
export type SetIn = Readonly<Record<string, string>>;

interface Set {
  readonly spec: JsonObject;
  readonly managers: Managers;
}

/** The changeset that last set the field at a path; null where it is not known. */
export function changesetAt(setIn: SetIn, path: string): string | null {
  for (let at: FieldPlace | null = parseFieldPath(path); at !== null; at = at.parent) {
    const found = Object.hasOwn(setIn, at.path) ? setIn[at.path] : undefined;
    if (found !== undefined) return found;
  }
  return null;
}

/** The changeset of every field after one: its own for those that got another value or manager. */
export function setInOf(before: (Set & { readonly setIn: SetIn }) | null, after: Set, changesetId: string): SetIn {
  const tree = treeOf(after.spec);
  if (before === null) return coverOf(tree, () => changesetId, 'anywhere');
  const treeBefore = treeOf(before.spec);
  const [was, wasOf, isOf] = [
    uncover(treeBefore, before.setIn),
    uncover(treeBefore, before.managers),
    uncover(tree, after.managers),
  ];
  const textOf = (path: string) => {
    const known = treeBefore.fields.get(path);
    const isSame = known && isSameJson(known.value, tree.fields.get(path)?.value) && wasOf.get(path) === isOf.get(path);
    return isSame ? (was.get(path) ?? null) : changesetId;
  };
  return coverOf(tree, textOf, 'anywhere');
}
