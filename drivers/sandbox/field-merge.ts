import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { type FieldPath, isAtomicMap, itemKeys } from './field-tree.js';

/** `live` with what `applied` states: maps and keyed lists are merged, everything else is replaced. */
export function mergeApplied(live: Json | undefined, applied: Json, isCustom: boolean, field = ''): Json {
  if (isJsonObject(live) && isJsonObject(applied) && !isAtomicMap(field, isCustom)) {
    const merged: Record<string, Json> = { ...live };
    for (const [name, value] of Object.entries(applied)) merged[name] = mergeApplied(live[name], value, isCustom, name);
    return merged;
  }
  if (Array.isArray(live) && Array.isArray(applied)) return mergeLists(live, applied, isCustom, field);
  return applied;
}

function mergeLists(live: readonly Json[], applied: readonly Json[], isCustom: boolean, field: string): Json {
  const liveKeys = itemKeys(field, live, isCustom);
  const appliedKeys = itemKeys(field, applied, isCustom);
  if (!liveKeys || !appliedKeys) return applied;
  const merged = new Map<string, Json>(live.map((item, index) => [liveKeys[index] ?? '', item]));
  for (const [index, item] of applied.entries()) {
    const key = appliedKeys[index] ?? '';
    merged.set(key, mergeApplied(merged.get(key), item, isCustom));
  }
  return [...merged.values()];
}

/** `value` without the field or item at `path`, and without the maps and lists that became empty by that. */
export function removeAt(value: Json, path: FieldPath, isCustom: boolean, field = ''): Json {
  const [element, ...rest] = path;
  if (element === undefined) return value;
  const isLast = rest.length === 0 || rest[0] === '.';
  if (element.startsWith('f:')) {
    const name = element.slice(2);
    const child = isJsonObject(value) ? value[name] : undefined;
    if (!isJsonObject(value) || child === undefined) return value;
    const left = isLast ? undefined : removeAt(child, rest, isCustom, name);
    if (left === undefined || (left !== child && isEmpty(left))) return without(value, name);
    return { ...value, [name]: left };
  }
  if (!Array.isArray(value)) return value;
  const index = itemKeys(field, value, isCustom)?.indexOf(element) ?? -1;
  if (index < 0) return value;
  if (isLast) return value.toSpliced(index, 1);
  return value.with(index, removeAt(value[index], rest, isCustom));
}

/** JSON merge patch (RFC 7396). */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const merged: Record<string, Json> = isJsonObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function without(value: JsonObject, name: string): JsonObject {
  const { [name]: _removed, ...rest } = value;
  return rest;
}
