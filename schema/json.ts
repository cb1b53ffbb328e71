import type { Json, JsonObject } from '../lib/canonical.js';
import { isJsonObject } from '../lib/canonical.js';
import { type KindDefinition, mark } from '../lib/kind.js';
import { namePattern } from '../lib/names.js';

/** JSON Schema (draft 2020-12) of a YAML document of this kind: what editors, `explain` and the CLI check a file with. */
export function fileSchema(kind: KindDefinition): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: kind.name,
    description: kind.docs,
    type: 'object',
    required: ['kind', 'name', 'spec'],
    additionalProperties: false,
    properties: {
      kind: { type: 'string', const: kind.name },
      name: { type: 'string', pattern: namePattern },
      ...addressProperties(kind),
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      spec: forFiles(plain(kind.spec)),
    },
  };
}

/** A schema of a kind as plain JSON, without what TypeBox keeps beside it. */
export function plain(schema: object): JsonObject {
  return JSON.parse(JSON.stringify(schema));
}

function addressProperties(kind: KindDefinition): JsonObject {
  const project = { type: 'string', pattern: namePattern, description: 'Left out: default.' };
  const environment = { type: 'string', pattern: namePattern };
  if (kind.scope === 'plane') return {};
  return kind.scope === 'project' ? { project } : { project, environment };
}

/** Beside an array of manifests, `files` may name YAML files that hold them; an export has references for secrets. */
function forFiles(node: Json): Json {
  if (Array.isArray(node)) return node.map(forFiles);
  if (!isJsonObject(node)) return node;
  if (node['x-portolan'] === mark.secret['x-portolan']) return { anyOf: [node, secretReference] };
  const mapped = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, forFiles(value)]));
  return isJsonObject(node.properties) ? withFiles(mapped, node.properties) : mapped;
}

function withFiles(node: JsonObject, properties: JsonObject): JsonObject {
  const marked = Object.entries(properties).find(
    ([, value]) => isJsonObject(value) && value['x-portolan'] === mark.manifests['x-portolan'],
  );
  if (!marked) return node;
  const [name] = marked;
  const required = Array.isArray(node.required) ? node.required : [];
  // A component may be a chart instead; a definition may have none at all.
  const ways = 'chart' in properties ? [name, 'files', 'chart'] : required.includes(name) ? [name, 'files'] : [];
  return {
    ...node,
    required: required.filter((key) => key !== name),
    ...(ways.length > 0 ? { anyOf: ways.map((key) => ({ required: [key] })) } : {}),
    properties: { ...(isJsonObject(node.properties) ? node.properties : {}), files },
  };
}

const files: JsonObject = {
  type: 'array',
  minItems: 1,
  items: { type: 'string', minLength: 1 },
  description: 'YAML files with Kubernetes objects, relative to this file.',
};

const secretReference: JsonObject = {
  type: 'object',
  required: ['$secret'],
  additionalProperties: false,
  description: 'Stands for the stored value, as an export has it.',
  properties: {
    $secret: {
      type: 'object',
      required: ['id', 'version'],
      additionalProperties: false,
      properties: { id: { type: 'string' }, version: { type: 'integer' } },
    },
  },
};
