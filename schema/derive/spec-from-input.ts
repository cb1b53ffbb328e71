import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import type { KindDefinition } from '../../lib/kind.js';
import { type Shape, shapeOf } from './shape.js';

/**
 * A typed input as plain JSON of the kind's spec. In a typed field null is "absent", as GraphQL has no other way to take
 * something away; inside of free-form values null stays null.
 */
export function specFromInput(kind: KindDefinition, input: unknown): JsonObject {
  const shape = shapes.get(kind) ?? shapeOf(kind.spec);
  shapes.set(kind, shape);
  const plain = plainOf(shape, input);
  return isJsonObject(plain) ? plain : {};
}

const shapes = new WeakMap<KindDefinition, Shape>();

function plainOf(shape: Shape, value: unknown): Json {
  if (shape.type === 'list' && Array.isArray(value)) return value.map((item) => plainOf(shape.item, item));
  if (shape.type !== 'object' || shape.properties.length === 0 || !isJsonObject(value)) return value as Json;
  const entries = shape.properties
    .map(({ name, shape: inner }) => [name, value[name], inner] as const)
    .filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(entries.map(([name, item, inner]) => [name, plainOf(inner, item)]));
}
