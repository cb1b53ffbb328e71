import { isJsonObject, type JsonObject } from '../lib/canonical.js';
import { BadInputError } from '../lib/errors.js';
import type { KindDefinition, KindRegistry } from '../lib/kind.js';
import { didYouMean } from '../lib/nearest.js';

export type InputPath = readonly (string | number)[];

/** Ids are UUIDs; anything else would fail in SQL. Throws BadInputError. */
export function checkId(id: string, path: InputPath): string {
  if (UUID.test(id)) return id.toLowerCase();
  throw new BadInputError(`"${id.slice(0, 80)}" is not an id: ids are UUIDs, as the graph returns them.`, { path });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Throws BadInputError with the nearest right name. */
export function checkKind(registry: KindRegistry, name: string, path: InputPath): KindDefinition {
  const kind = registry.find(name);
  if (kind) return kind;
  const known = registry.kinds.map((one) => one.name);
  throw new BadInputError(`"${name}" is not a kind${didYouMean(name, known)}`, { path });
}

/** Throws BadInputError when it is not a JSON object. */
export function checkObject(value: unknown, path: InputPath): JsonObject {
  if (isJsonObject(value)) return value;
  throw new BadInputError(`${path.join('.')} must be an object.`, { path });
}

/** Texts by name. Throws BadInputError with the path of the label that is none. */
export function checkLabels(value: unknown, path: InputPath): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const [key, text] of Object.entries(checkObject(value, path))) {
    if (typeof text !== 'string') {
      throw new BadInputError(`The label ${key} must be a text.`, { path: [...path, key] });
    }
    labels[key] = text;
  }
  return labels;
}

/** Throws BadInputError unless it is at least `minimum`. */
export function checkAtLeast(value: number, minimum: number, path: InputPath): number {
  if (value >= minimum) return value;
  throw new BadInputError(`${path.join('.')} is ${value}; it must be at least ${minimum}.`, { path });
}

/** Postgres text holds no NUL, so such input must not come that far. Throws BadInputError. */
export function checkText(value: string, path: InputPath): string {
  if (!value.includes('\0')) return value;
  throw new BadInputError(`${path.join('.')} contains a NUL character.`, { path });
}
