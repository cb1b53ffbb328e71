import { isJsonObject, type Json, type JsonObject } from '../../../lib/canonical.js';
import { list, number, record, text } from '../../kubernetes/object-fields.js';
import type { FieldProblem } from '../invalid.js';

/** A structural schema, as CRDs have it (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema). */
export type StructuralSchema = JsonObject;

/**
 * Why what is applied does not fit the schema, in the words of server-side apply; null when it does. What is said here is
 * said before anything else is looked at: a field that is not declared, or a value of another type.
 */
export function typedProblem(schema: StructuralSchema, value: Json, path = ''): string | null {
  if (value === null || isOpen(schema)) return null;
  const mismatch = typeMismatch(schema, value);
  if (mismatch) return `${path || '.'}: ${mismatch}`;
  if (Array.isArray(value)) {
    const items = record(schema.items) as StructuralSchema;
    return first(value, (item, index) => typedProblem(items, item, `${path}[${itemName(item, index)}]`));
  }
  // An object of which nothing is declared is pruned without a word.
  if (!isJsonObject(value) || (schema.properties === undefined && schema.additionalProperties === undefined))
    return null;
  return first(Object.entries(value), ([name, child]) => {
    const declared = fieldOf(schema, name);
    if (declared) return typedProblem(declared, child, `${path}.${name}`);
    return keepsUnknown(schema) ? null : `${path}.${name}: field not declared in schema`;
  });
}

/** `value` without what the schema does not declare. */
export function pruned(schema: StructuralSchema, value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => pruned(record(schema.items) as StructuralSchema, item));
  if (!isJsonObject(value) || isOpen(schema)) return value;
  const kept = Object.entries(value).flatMap(([name, child]): readonly (readonly [string, Json])[] => {
    const declared = fieldOf(schema, name);
    if (declared) return [[name, pruned(declared, child)]];
    return keepsUnknown(schema) ? [[name, child]] : [];
  });
  return Object.fromEntries(kept);
}

/** `value` with the defaults of the schema where nothing is stated, and where null is, unless that may be. */
export function withSchemaDefaults(schema: StructuralSchema, value: Json): Json {
  if (Array.isArray(value)) {
    return value.map((item: Json) => withSchemaDefaults(record(schema.items) as StructuralSchema, item));
  }
  if (!isJsonObject(value)) return value;
  const filled: Record<string, Json> = { ...value };
  for (const [name, declared] of Object.entries(record(schema.properties))) {
    const { default: byDefault, nullable } = record(declared);
    const isMissing = filled[name] === undefined || (filled[name] === null && nullable !== true);
    if (isMissing && byDefault !== undefined) filled[name] = byDefault as Json;
  }
  for (const [name, child] of Object.entries(filled)) {
    const declared = fieldOf(schema, name);
    if (declared) filled[name] = withSchemaDefaults(declared, child);
  }
  return filled;
}

/** Every value that the schema does not allow. */
export function schemaProblems(schema: StructuralSchema, value: Json | undefined, field = ''): readonly FieldProblem[] {
  if (value === undefined || value === null) return [];
  const mismatch = typeMismatch(schema, value);
  if (mismatch) return [{ field, value, why: mismatch }];
  if (Array.isArray(value)) {
    const items = record(schema.items) as StructuralSchema;
    return value.flatMap((item: Json, index) => schemaProblems(items, item, `${field}[${index}]`));
  }
  if (!isJsonObject(value)) return scalarProblems(schema, value, field);
  const within = (name: string) => (field ? `${field}.${name}` : name);
  const missing = list(schema.required)
    .map(String)
    .filter((name) => value[name] === undefined);
  const nested = Object.entries(value).flatMap(([name, child]) => {
    const declared = fieldOf(schema, name);
    return declared ? schemaProblems(declared, child, within(name)) : [];
  });
  return [...missing.map((name) => ({ field: within(name), why: 'Required value' })), ...nested];
}

function scalarProblems(schema: StructuralSchema, value: Json, field: string): readonly FieldProblem[] {
  const allowed = list(schema.enum);
  if (allowed.length > 0 && !allowed.includes(value)) {
    const supported = allowed.map((each) => JSON.stringify(each)).join(', ');
    return [{ field, why: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}` }];
  }
  const say = (why: string): readonly FieldProblem[] => [{ field, value, why: `${field} in body should ${why}` }];
  if (typeof value === 'number') {
    const [least, most] = [number(schema.minimum, value), number(schema.maximum, value)];
    if (value < least) return say(`be greater than or equal to ${least}`);
    return value > most ? say(`be less than or equal to ${most}`) : [];
  }
  if (typeof value !== 'string') return [];
  const longest = number(schema.maxLength, value.length);
  if (value.length > longest) return [{ field, why: `Too long: may not be more than ${longest} bytes` }];
  const pattern = text(schema.pattern);
  return pattern && !new RegExp(pattern).test(value) ? say(`match '${pattern}'`) : [];
}

function typeMismatch(schema: StructuralSchema, value: Json): string | null {
  if (schema['x-kubernetes-int-or-string'] === true) return null;
  const is = typeof value;
  switch (schema.type) {
    case 'integer':
    case 'number':
      return is === 'number' ? null : `expected numeric (int or float), got ${is}`;
    case 'string':
      return is === 'string' ? null : `expected string, got &{${String(value)}}`;
    case 'boolean':
      return is === 'boolean' ? null : `expected boolean, got &{${String(value)}}`;
    case 'array':
      return Array.isArray(value) ? null : `expected list, got &{${String(value)}}`;
    case 'object':
      return isJsonObject(value) ? null : `expected map, got &{${String(value)}}`;
    default:
      return null;
  }
}

function fieldOf(schema: StructuralSchema, name: string): StructuralSchema | null {
  const properties = record(schema.properties);
  if (Object.hasOwn(properties, name)) return record(properties[name]) as StructuralSchema;
  return isJsonObject(schema.additionalProperties) ? schema.additionalProperties : null;
}

function keepsUnknown(schema: StructuralSchema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true;
}

/** A schema that says nothing about what is in it. */
function isOpen(schema: StructuralSchema): boolean {
  return schema.properties === undefined && schema.items === undefined && schema.type === undefined;
}

function itemName(item: Json, index: number): string {
  return isJsonObject(item) && typeof item.name === 'string' ? `name="${item.name}"` : String(index);
}

function first<Item>(items: readonly Item[], find: (item: Item, index: number) => string | null): string | null {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== null) return found;
  }
  return null;
}
