import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';

/** What is at a dotted path; null: nothing. */
export function valueAt(spec: JsonObject, path: string): Json {
  let at: Json = spec;
  for (const key of path.split('.')) at = isJsonObject(at) ? (at[key] ?? null) : null;
  return at;
}
