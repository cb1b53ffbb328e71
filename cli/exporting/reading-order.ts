import { isJsonObject, type JsonObject } from '../../lib/canonical.js';

/**
 * The same value with the keys of its objects in the order in which people write them: that of the schema as far as it
 * goes, then what names a thing, then by name. The database keeps no order.
 */
export function inReadingOrder(value: unknown, schemas: readonly JsonObject[]): unknown {
  const branches = schemas.flatMap(branchesOf);
  if (Array.isArray(value)) {
    const items = branches.flatMap(({ items: item }) => (isJsonObject(item) ? [item] : []));
    return value.map((item) => inReadingOrder(item, items));
  }
  if (!isJsonObject(value)) return value;
  const known = [
    ...new Set(branches.flatMap(({ properties }) => (isJsonObject(properties) ? Object.keys(properties) : []))),
  ];
  const rank = (key: string) => (known.includes(key) ? known.indexOf(key) : known.length + rankOf(key));
  const keys = Object.keys(value).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, inReadingOrder(value[key], below(branches, key))]));
}

/** Of objects that no schema describes, those of Kubernetes above all. */
const first = [
  'apiVersion',
  'kind',
  'metadata',
  'name',
  'namespace',
  'labels',
  'type',
  'image',
  'replicas',
  'selector',
];
const rankOf = (key: string) => (first.includes(key) ? first.indexOf(key) : first.length);

function below(branches: readonly JsonObject[], key: string): readonly JsonObject[] {
  return branches.flatMap(({ properties, additionalProperties }) => {
    const property = isJsonObject(properties) ? properties[key] : undefined;
    return [property ?? additionalProperties].filter(isJsonObject);
  });
}

/** A schema and all of its alternatives. */
function branchesOf(schema: JsonObject): readonly JsonObject[] {
  const alternatives = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) => (Array.isArray(list) ? list : []));
  return [schema, ...alternatives.filter(isJsonObject).flatMap(branchesOf)];
}
