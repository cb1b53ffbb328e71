import type { JsonObject } from '../../lib/canonical.js';

/** An object that stands for a value, such as a reference to a secret: its only key begins with `$`. It is one field. */
export function isMarker(value: JsonObject): boolean {
  const [key, second] = Object.keys(value);
  return second === undefined && key !== undefined && key.startsWith('$');
}
