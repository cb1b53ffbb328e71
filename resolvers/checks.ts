import { isJsonObject, type Json, type JsonObject } from '../lib/canonical.js';
import { BadInputError } from '../lib/errors.js';
import type { KindDefinition, KindRegistry } from '../lib/kind.js';
import { didYouMean } from '../lib/nearest.js';

export type InputPath = readonly (string | number)[];

/** Ids are UUIDs; anything else would fail in SQL. Throws BadInputError. */
export function checkId(id: string, path: InputPath): string {
  // As the graph gives them: toLowerCase would make a copy, which thousands of live reads would keep.
  if (LOWER_UUID.test(id)) return id;
  if (UUID.test(id)) return id.toLowerCase();
  throw new BadInputError(`"${id.slice(0, 80)}" is not an id: ids are UUIDs, as the graph returns them.`, { path });
}

const LOWER_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Throws BadInputError with the nearest right name. */
export function checkKind(registry: KindRegistry, name: string, path: InputPath): KindDefinition {
  const kind = registry.find(name);
  if (kind) return kind;
  const known = registry.kinds.map((one) => one.name);
  throw new BadInputError(`"${name}" is not a kind${didYouMean(name, known)}`, { path });
}

/** Throws BadInputError when it is not a JSON object, or holds text that cannot be stored. */
export function checkObject(value: unknown, path: InputPath): JsonObject {
  if (!isJsonObject(value)) throw new BadInputError(`${path.join('.')} must be an object.`, { path });
  checkTexts(value, path);
  return value;
}

function checkTexts(value: unknown, path: InputPath): void {
  if (typeof value === 'string') checkText(value, path);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : checkText(key, path);
    checkTexts(item, [...path, step]);
  }
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

/** Postgres stores neither NUL nor half of a surrogate pair, so they must not come that far. Throws BadInputError. */
export function checkText(value: string, path: InputPath): string {
  if (isStorable(value)) return value;
  throw new BadInputError(`${path.join('.')} contains a NUL character, or is not well-formed Unicode.`, { path });
}

/** For what others said and must be kept all the same, such as the text of an error: what cannot be stored is replaced. */
export function storableText(value: string): string {
  return isStorable(value) ? value : value.replaceAll('\0', '\ufffd').toWellFormed();
}

/** The same for all texts in a JSON value. What is left out is null. */
export function storableJson(value: unknown): Json {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storableJson);
  if (!isJsonObject(value)) return (value ?? null) as Json;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storableText(key), storableJson(item)]));
}

const isStorable = (value: string) => !value.includes('\0') && value.isWellFormed();
