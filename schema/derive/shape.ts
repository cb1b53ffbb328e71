import type { TSchema } from 'typebox';
import { isJsonObject } from '../../lib/canonical.js';
import { mark } from '../../lib/kind.js';

/** What a schema of a kind is in the graph. Whatever GraphQL cannot say is `json`. */
export type Shape =
  | { readonly type: 'object'; readonly properties: readonly Property[] }
  | { readonly type: 'list'; readonly item: Shape }
  | { readonly type: 'enum'; readonly values: readonly string[] }
  | { readonly type: ScalarShape }
  /** Stored as a SecretReference. */
  | { readonly type: 'secret' }
  | { readonly type: 'json' };

export type ScalarShape = 'text' | 'integer' | 'number' | 'boolean';

export interface Property {
  readonly name: string;
  readonly shape: Shape;
  readonly isRequired: boolean;
  readonly description: string | null;
}

export function shapeOf(schema: TSchema): Shape {
  const node: Readonly<Record<string, unknown>> = { ...schema };
  if (node['x-portolan'] === mark.secret['x-portolan']) return { type: 'secret' };
  const values = literals(node);
  if (values) return values.length > 1 && values.every(isName) ? { type: 'enum', values } : { type: 'text' };
  switch (node.type) {
    case 'string':
      return { type: 'text' };
    case 'integer':
      return { type: 'integer' };
    case 'number':
      return { type: 'number' };
    case 'boolean':
      return { type: 'boolean' };
    case 'array':
      return isSchema(node.items) ? { type: 'list', item: shapeOf(node.items) } : { type: 'json' };
    case 'object':
      return objectShape(node);
    default:
      return { type: 'json' };
  }
}

/** Only objects that refuse unknown keys, and whose keys GraphQL can name, have a type. */
function objectShape(node: Readonly<Record<string, unknown>>): Shape {
  const properties = Object.entries(isJsonObject(node.properties) ? node.properties : {});
  if (node.additionalProperties !== false || !properties.every(([name]) => isName(name))) return { type: 'json' };
  const required = Array.isArray(node.required) ? node.required : [];
  return {
    type: 'object',
    properties: properties.map(([name, value]) => {
      const schema = value as unknown as TSchema & { description?: unknown };
      return {
        name,
        shape: shapeOf(schema),
        isRequired: required.includes(name),
        description: typeof schema.description === 'string' ? schema.description : null,
      };
    }),
  };
}

function literals(node: Readonly<Record<string, unknown>>): readonly string[] | null {
  if (typeof node.const === 'string') return [node.const];
  if (!Array.isArray(node.anyOf)) return null;
  const values = node.anyOf.map((branch: unknown) => (isJsonObject(branch) ? branch.const : null));
  return values.every((value) => typeof value === 'string') ? values : null;
}

/** GraphQL names (spec of October 2021, 2.1.9), but not the reserved ones, nor what an enum value may not be. */
function isName(text: string): boolean {
  return /^(?!__)[_A-Za-z][_0-9A-Za-z]*$/.test(text) && !['true', 'false', 'null'].includes(text);
}

function isSchema(value: unknown): value is TSchema {
  return isJsonObject(value);
}
