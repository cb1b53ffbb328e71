import { isJsonObject, type Json, type JsonObject } from './canonical.js';

/** Stands in a spec in the place of an output that its controller puts in: of the binding called `from`. */
export interface OutputMarker {
  readonly $output: { readonly from: string; readonly output: string };
}

export function outputMarker(from: string, output: string): OutputMarker & JsonObject {
  return { $output: { from, output } };
}

/** The marker that `value` is; null when it is none. */
export function outputMarkerOf(value: unknown): OutputMarker | null {
  if (!isJsonObject(value) || Object.keys(value).length !== 1 || !isJsonObject(value.$output)) return null;
  const { from, output } = value.$output;
  return typeof from === 'string' && typeof output === 'string' ? { $output: { from, output } } : null;
}

/** In the place of a value that nobody gave: the field or item that would have held it is left out. */
export const absent = Symbol('absent');

type Path = readonly (string | number)[];

/** `value` with what `replace` gives in the place of each part that it does not leave alone (undefined). */
export function replaceValues(
  value: Json,
  replace: (value: Json, path: Path) => Json | typeof absent | undefined,
  path: Path = [],
): Json | typeof absent {
  const replaced = replace(value, path);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(value)) {
    const items = value.map((item: Json, index) => replaceValues(item, replace, [...path, index]));
    return items.filter((item) => item !== absent);
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(
    ([key, item]) => [key, replaceValues(item, replace, [...path, key])] as const,
  );
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, Json] => entry[1] !== absent));
}

/** Stands for a text that differs whenever one of these outputs does: `db.password`. */
export function outputsHashMarker(outputs: readonly string[]): JsonObject {
  return { $outputsHash: outputs };
}

/** The outputs whose hash `value` stands for; null when it is no such marker. */
export function outputsHashOf(value: unknown): readonly string[] | null {
  if (!isJsonObject(value) || Object.keys(value).length !== 1 || !Array.isArray(value.$outputsHash)) return null;
  return value.$outputsHash.map(String);
}
