import { isJsonObject, type Json } from '../../lib/canonical.js';
import { itemKeysOf } from './item-keys.js';

/**
 * A path with indexes from one spec in terms of another one, in which items of lists with keys may stand elsewhere. What
 * the other does not have keeps its index.
 */
export function movedPath(
  path: readonly (string | number)[],
  from: Json | undefined,
  to: Json | undefined,
  list = '',
): readonly (string | number)[] {
  const [step, ...rest] = path;
  if (step === undefined) return [];
  if (typeof step === 'number' && Array.isArray(from) && Array.isArray(to)) {
    const key = itemKeysOf(list, from)?.keys[step];
    const found = key === undefined ? -1 : (itemKeysOf(list, to)?.keys.indexOf(key) ?? -1);
    const index = found < 0 ? step : found;
    return [index, ...movedPath(rest, from[step], to[index])];
  }
  const below = (value: Json | undefined) => (isJsonObject(value) ? value[step] : undefined);
  return [step, ...movedPath(rest, below(from), below(to), String(step))];
}
