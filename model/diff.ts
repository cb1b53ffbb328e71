import { isJsonObject, isSameJson } from '../lib/canonical.js';

/** One field that differs. `before` or `after` is undefined where the field is absent on that side. */
export interface FieldChange {
  /** Dotted, with array indexes: `components.0.name`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The smallest fields that differ, in the order of their paths. Empty for equal values. */
export function diff(before: unknown, after: unknown, path = ''): readonly FieldChange[] {
  if (isSameJson(before ?? null, after ?? null)) return [];
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => diff(before[key], after[key], joined(path, key)));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => diff(before[index], after[index], joined(path, String(index)))).flat();
  }
  return [{ path, before, after }];
}

const joined = (path: string, key: string) => (path ? `${path}.${key}` : key);
