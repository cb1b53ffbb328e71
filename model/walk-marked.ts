import type { Json } from '../lib/canonical.js';

type Path = readonly (string | number)[];

/** A schema node as JSON Schema has it, as far as walking needs. */
interface SchemaNode {
  readonly 'x-portolan'?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
}

/** Calls `visit` for every value whose schema carries the mark, with its path from the root of the spec. */
export function walkMarked(
  schema: unknown,
  value: unknown,
  mark: string,
  visit: (value: Json, path: Path) => void,
): void {
  walk(schema as SchemaNode, value, mark, visit, []);
}

function walk(
  schema: SchemaNode,
  value: unknown,
  mark: string,
  visit: (value: Json, path: Path) => void,
  path: Path,
): void {
  if (value === undefined || value === null) return;
  if (schema['x-portolan'] === mark) {
    visit(value as Json, path);
    return;
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    for (const [index, item] of value.entries()) if (items) walk(items, item, mark, visit, [...path, index]);
    return;
  }
  if (typeof value !== 'object') return;
  const { properties = {}, additionalProperties } = schema;
  const others = typeof additionalProperties === 'object' ? additionalProperties : null;
  for (const [key, below] of Object.entries(value)) {
    const node = Object.hasOwn(properties, key) ? properties[key] : others;
    if (node) walk(node, below, mark, visit, [...path, key]);
  }
}
