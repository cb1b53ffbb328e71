import { isJsonObject, type Json, type JsonObject } from '../../../lib/canonical.js';

/**
 * What the maker of a simulated service answers with: what was ordered, and something at each of the paths in `answers`,
 * which is new with each new service: an address where the path speaks of one.
 */
export function serviceAnswer(made: { readonly id: string; readonly suffix: string }, own: JsonObject): JsonObject {
  const ordered: JsonObject = {
    id: made.id,
    product: own.product ?? '',
    plan: own.plan ?? '',
    parameters: own.parameters ?? {},
  };
  const paths = Array.isArray(own.answers) ? own.answers.map(String) : [];
  return paths.reduce(
    (answer, path) => withValueAt(answer, path.split('.'), valueFor(path, made.suffix, own)),
    ordered,
  );
}

function valueFor(path: string, suffix: string, own: JsonObject): Json {
  const last = path.split('.').at(-1) ?? '';
  const host = `${suffix}.${String(own.product)}.example.com`;
  if (/url|endpoint/i.test(last)) return `https://${host}`;
  if (/host|address/i.test(last)) return host;
  return /port/i.test(last) ? 443 : `${last}-${suffix}`;
}

/** What is there already stays. */
function withValueAt(object: JsonObject, path: readonly string[], value: Json): JsonObject {
  const [first, ...rest] = path;
  if (first === undefined) return object;
  const before = object[first];
  if (rest.length === 0) return { [first]: value, ...object };
  return before === undefined || isJsonObject(before)
    ? { ...object, [first]: withValueAt(before ?? {}, rest, value) }
    : object;
}
