import type { Json, JsonObject } from '../../lib/canonical.js';

/**
 * The fields of a spec that filters can ask for: texts, numbers and booleans at its top. A text that is longer is left
 * out, as no filter needs it: whether it is equal to something is not told then.
 */
export function filterFields(spec: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => isFilterField(value)));
}

export function isFilterField(value: Json): boolean {
  return typeof value === 'string'
    ? value.length <= LONGEST_TEXT
    : typeof value === 'number' || value === true || value === false;
}

/** Names and enums are shorter. It is in every entry of the log. */
const LONGEST_TEXT = 100;
