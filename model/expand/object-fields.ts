import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';

/** `Kind/name`, as components name their objects. */
export function shortName(object: JsonObject): string {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  return `${String(object.kind)}/${String(metadata.name)}`;
}

/** Changes the object called `name`. Throws BadInputError, which lists what there is, when it is not there. */
export function changeObject(
  objects: readonly JsonObject[],
  name: string,
  change: (object: JsonObject) => JsonObject,
  path: readonly (string | number)[],
): readonly JsonObject[] {
  if (objects.some((object) => shortName(object) === name)) {
    return objects.map((object) => (shortName(object) === name ? change(object) : object));
  }
  const known = objects.map(shortName).slice(0, MOST_NAMED).join(', ') || 'none';
  throw new BadInputError(`There is no object ${name} in this component. There is: ${known}.`, { path });
}

/**
 * Sets the field at a dotted path, making what is not there on the way. `containers[web]` is the item of a list that has
 * that name, `containers[0]` the one at that place. Throws BadInputError when an item is not there.
 */
export function setField(object: JsonObject, path: string, value: Json, at: readonly (string | number)[]): JsonObject {
  return put(object, parsePath(path, at), value, path, at) as JsonObject;
}

/** All containers of a pod template of an object, changed; those called `name` only, unless it is null. */
export function changeContainers(
  object: JsonObject,
  name: string | null,
  change: (container: JsonObject) => JsonObject,
): JsonObject {
  const walk = (value: Json, key: string): Json => {
    if (Array.isArray(value)) {
      const isList = key === 'containers' || key === 'initContainers';
      return value.map((item) =>
        isList && isJsonObject(item) && (name === null || item.name === name) ? change(item) : walk(item, ''),
      );
    }
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([inner, item]) => [inner, walk(item, inner)]));
  };
  return walk(object, '') as JsonObject;
}

/** More names than these help nobody. */
const MOST_NAMED = 20;

function parsePath(path: string, at: readonly (string | number)[]): readonly string[] {
  const steps = path.match(/[^.[\]]+|\[[^\]]+\]/g) ?? [];
  if (steps.join('').length > 0 && !/(^\.|\.\.|\.$|\]\w)/.test(path)) return steps;
  throw new BadInputError(`"${path}" is not a path: names with dots between them, such as spec.replicas.`, {
    path: at,
  });
}

function put(
  target: Json | undefined,
  steps: readonly string[],
  value: Json,
  whole: string,
  at: readonly (string | number)[],
): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (step.startsWith('[')) {
    const key = step.slice(1, -1);
    const items = Array.isArray(target) ? target : [];
    const index = items.findIndex((item, place) => String(place) === key || (isJsonObject(item) && item.name === key));
    if (index < 0) throw new BadInputError(`${whole} leads nowhere: there is no item ${step}.`, { path: at });
    return items.map((item, place) => (place === index ? put(item, rest, value, whole, at) : item));
  }
  const fields = isJsonObject(target) ? target : {};
  return { ...fields, [step]: put(fields[step], rest, value, whole, at) };
}
