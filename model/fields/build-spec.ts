import type { Json, JsonObject } from '../../lib/canonical.js';
import type { FieldPlace } from './field-path.js';

export interface PlacedValue {
  readonly place: FieldPlace;
  readonly value: Json;
}

/** The spec that has these fields. `orderOf` gives the keys of a list in order; items that it does not name come last. */
export function buildSpec(fields: Iterable<PlacedValue>, orderOf: (list: string) => readonly string[]): JsonObject {
  const branches = new Map<string, Branch>();
  const branchAt = (place: FieldPlace): Branch => {
    const known = branches.get(place.path);
    if (known) return known;
    const branch: Branch = { path: place.path, isList: false, below: new Map() };
    branches.set(place.path, branch);
    if (place.parent && place.step) put(branchAt(place.parent), place, branch);
    return branch;
  };
  const put = (branch: Branch, { step }: FieldPlace, value: Branch | { readonly value: Json }) => {
    if (!step) return;
    branch.isList = step.isItem;
    branch.below.set(step.key, value);
  };
  for (const { place, value } of fields) if (place.parent) put(branchAt(place.parent), place, { value });

  const toJson = (node: Branch | { readonly value: Json }): Json => {
    if ('value' in node) return node.value;
    if (!node.isList) return Object.fromEntries([...node.below].map(([key, below]) => [key, toJson(below)]));
    const keys = new Set([...orderOf(node.path), ...node.below.keys()]);
    return [...keys].flatMap((key) => {
      const item = node.below.get(key);
      return item ? [toJson(item)] : [];
    });
  };
  const root = branches.get('');
  return root ? (toJson(root) as JsonObject) : {};
}

interface Branch {
  readonly path: string;
  isList: boolean;
  readonly below: Map<string, Branch | { readonly value: Json }>;
}
