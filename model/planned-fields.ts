import { isJsonObject, isSameJson, type Json, type JsonObject } from '../lib/canonical.js';
import { type FieldNode, treeOf } from './fields/field-tree.js';
import { hideSecrets } from './hide-secrets.js';
import type { PlannedField } from './plan.js';

/** What of a resource people change. */
export interface DesiredState {
  readonly spec: JsonObject;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The fields that differ, in the order of the spec, secrets hidden. Of a new resource (`before` is null), all that it has.
 * An item of a list that comes or goes is one field, and the order of items is one of their list.
 */
export function plannedFields(before: DesiredState | null, after: DesiredState): readonly PlannedField[] {
  return compare(before && rootOf(before), rootOf(after));
}

/** What is empty is nothing that people stated. */
function rootOf({ labels, spec }: DesiredState): FieldNode {
  const parts = Object.entries({ labels, spec }).filter(([, part]) => Object.keys(part).length > 0);
  return treeOf(Object.fromEntries(parts)).root;
}

function compare(was: FieldNode | null, is: FieldNode | null): readonly PlannedField[] {
  if (!was || !is) {
    const node = is ?? was;
    if (!node) return [];
    if (isLeaf(node) || node.step?.isItem) return [fieldOf(node.path, was, is)];
    return node.children.flatMap((child) => compare(was && child, is && child));
  }
  if (isLeaf(was) && isLeaf(is) && isSameJson(was.value, is.value)) return [];
  if ((isLeaf(was) && !isEmpty(was)) || (isLeaf(is) && !isEmpty(is)) || was.isList !== is.isList) {
    return [fieldOf(is.path, was, is)];
  }
  const [before, after] = [byPath(was), byPath(is)];
  return [
    ...orderOf(was, is),
    ...is.children.flatMap((child) => compare(before.get(child.path) ?? null, child)),
    ...was.children.filter(({ path }) => !after.has(path)).flatMap((child) => compare(child, null)),
  ];
}

const isLeaf = ({ value }: FieldNode) => value !== undefined;
const isEmpty = ({ value }: FieldNode) => isJsonObject(value) && Object.keys(value).length === 0;
const byPath = ({ children }: FieldNode) => new Map(children.map((child) => [child.path, child]));

/** Of items that stay. */
function orderOf(was: FieldNode, is: FieldNode): readonly PlannedField[] {
  if (!is.isList) return [];
  const keysOf = (list: FieldNode, other: ReadonlyMap<string, FieldNode>) =>
    list.children.filter(({ path }) => other.has(path)).map(({ step }) => step?.key ?? '');
  const [before, after] = [keysOf(was, byPath(is)), keysOf(is, byPath(was))];
  return isSameJson(before, after) ? [] : [{ path: is.path, before, after }];
}

function fieldOf(path: string, was: FieldNode | null, is: FieldNode | null): PlannedField {
  const [before, after] = [was ? jsonOf(was) : undefined, is ? jsonOf(is) : undefined];
  return {
    path,
    before: before === undefined ? undefined : hideSecrets(before, undefined),
    after: after === undefined ? undefined : hideSecrets(after, before),
  };
}

function jsonOf({ value, isList, children }: FieldNode): Json {
  if (value !== undefined) return value;
  if (isList) return children.map(jsonOf);
  return Object.fromEntries(children.map((child) => [child.step?.key ?? '', jsonOf(child)]));
}
