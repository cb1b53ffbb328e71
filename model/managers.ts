import { isJsonObject, isSameJson, type Json, type JsonObject } from '../lib/canonical.js';
import type { Managers } from './resource.js';

export interface ManagedSpec {
  readonly spec: JsonObject;
  readonly managers: Managers;
}

export interface FieldConflict {
  readonly path: string;
  /** Who set it. */
  readonly manager: string;
}

export interface Merged extends ManagedSpec {
  /** Fields of other managers that would have changed. When there are any, nothing may be written. */
  readonly conflicts: readonly FieldConflict[];
}

/**
 * Declarative apply of one manager: sets what it states, takes away what only it had set, leaves the rest.
 * A field that another manager set to another value is a conflict, unless it is taken over. Stating the same value is none.
 */
export function mergeApply(
  current: ManagedSpec,
  stated: JsonObject,
  manager: string,
  options: { readonly takeOver: boolean },
): Merged {
  const fields = leaves(stated);
  const before = leaves(current.spec);
  const conflicts: FieldConflict[] = [];
  const managers: Record<string, string> = {};
  const values = new Map<string, Json>();

  for (const [path, value] of before) {
    const owner = current.managers[path] ?? null;
    if (fields.has(path)) continue;
    if (owner === manager) continue;
    // A leaf above or below what is stated would not fit beside it: it is replaced, so it is a conflict as well.
    const isReplaced = [...fields.keys()].some((field) => field.startsWith(`${path}.`) || path.startsWith(`${field}.`));
    if (isReplaced && owner !== null && !options.takeOver) conflicts.push({ path, manager: owner });
    if (isReplaced) continue;
    values.set(path, value);
    if (owner !== null) managers[path] = owner;
  }
  for (const [path, value] of fields) {
    const owner = current.managers[path] ?? null;
    const isSame = before.has(path) && isSameJson(before.get(path), value);
    if (owner !== null && owner !== manager && !isSame && !options.takeOver) conflicts.push({ path, manager: owner });
    values.set(path, value);
    managers[path] = isSame && owner !== null && !options.takeOver ? owner : manager;
  }
  return { spec: build(values), managers, conflicts };
}

/** A spec that one manager states as a whole. */
export function stateAll(spec: JsonObject, manager: string): ManagedSpec {
  return { spec, managers: Object.fromEntries([...leaves(spec).keys()].map((path) => [path, manager])) };
}

/** Like `stateAll`, but a field that keeps its value keeps its manager. */
export function restate(current: ManagedSpec, spec: JsonObject, manager: string): ManagedSpec {
  const before = leaves(current.spec);
  const managers = [...leaves(spec)].map(([path, value]) => {
    const isSame = before.has(path) && isSameJson(before.get(path), value);
    return [path, (isSame ? current.managers[path] : undefined) ?? manager] as const;
  });
  return { spec, managers: Object.fromEntries(managers) };
}

/** Scalars, arrays and empty objects by dotted path. An array is one field. */
function leaves(value: JsonObject, path: readonly string[] = []): Map<string, Json> {
  const result = new Map<string, Json>();
  for (const [key, item] of Object.entries(value)) {
    const here = [...path, key];
    if (!isField(item)) for (const [below, leaf] of leaves(item, here)) result.set(below, leaf);
    else result.set(here.join('.'), item);
  }
  return result;
}

/** A reference to a secret stands for a scalar, so it is one field although it is an object. */
function isField(item: Json): item is Exclude<Json, JsonObject> | JsonObject {
  return !isJsonObject(item) || Object.keys(item).length === 0 || '$secret' in item;
}

function build(values: ReadonlyMap<string, Json>): JsonObject {
  const root: { [key: string]: Json } = {};
  for (const [path, value] of [...values].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const keys = path.split('.');
    const last = keys.pop();
    if (last === undefined) continue;
    let at = root;
    for (const key of keys) {
      const next = at[key];
      const inner = isJsonObject(next) ? { ...next } : {};
      at[key] = inner;
      at = inner;
    }
    at[last] = value;
  }
  return root;
}
