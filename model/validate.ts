import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { isJsonObject, type Json, type JsonObject } from '../lib/canonical.js';
import { BadInputError } from '../lib/errors.js';
import { type KindDefinition, type KindRegistry, mark, refusalOf } from '../lib/kind.js';
import { namePattern, withArticle } from '../lib/names.js';
import { didYouMean } from '../lib/nearest.js';
import { checkHealthRules, type DeclaredHealth } from './health-rule.js';
import { normalizeManifests } from './manifests.js';
import { checkReplaceKinds } from './replace-kinds.js';
import { walkMarked } from './walk-marked.js';

export interface SpecValidator {
  /**
   * The spec as it is to be stored: checked against its kind's schema, manifests made uniform.
   * Throws BadInputError with the path of the field, from the root of the spec.
   */
  validate(kind: KindDefinition, spec: unknown): JsonObject;
  /** What of a spec is said elsewhere than in it, such as in a definition: all may be missing, what is there must fit. */
  validatePart(kind: KindDefinition, spec: unknown): void;
  /** A part of a spec with its manifests made uniform. What else it must have is checked once it is merged. */
  normalize(kind: KindDefinition, spec: JsonObject): JsonObject;
}

/** Schemas are compiled once per kind in a process, when a spec of it first comes: all of them take a tenth of a second. */
export function createSpecValidator(registry: KindRegistry): SpecValidator {
  return {
    normalize: normalized,
    validatePart(kind, spec) {
      const check = checkOf(kind, parts, () => ({ ...kind.spec, required: [] }));
      if (check(spec)) return;
      const error = mostTelling(check.errors ?? []);
      throw new BadInputError(sentence(kind, error), { path: pathOf(error) });
    },
    validate(kind, spec) {
      const known = registry.find(kind.name);
      if (!known) throw new Error(`The kind ${kind.name} is not in this registry.`);
      const check = checkOf(known, wholes, () => known.spec);
      if (!isJsonObject(spec))
        throw new BadInputError(`The spec of ${withArticle(kind.name)} must be an object.`, { path: [] });
      const normal = normalized(kind, spec);
      if (check(normal)) {
        walkMarked(kind.spec, normal, mark.healthRules['x-portolan'], (rules, path) =>
          checkHealthRules(rules as unknown as DeclaredHealth, path),
        );
        walkMarked(kind.spec, normal, mark.replaceKinds['x-portolan'], (kinds, path) =>
          checkReplaceKinds(kinds as readonly string[], path, madeKinds(kind, normal)),
        );
        return normal;
      }
      const error = mostTelling(check.errors ?? []);
      throw new BadInputError(sentence(kind, error), { path: pathOf(error) });
    },
  };
}

const ajv = new Ajv({ allErrors: true, strict: false, verbose: true });

type Checks = WeakMap<KindDefinition, ValidateFunction>;
const wholes: Checks = new WeakMap();
const parts: Checks = new WeakMap();

function checkOf(kind: KindDefinition, checks: Checks, schemaOf: () => object): ValidateFunction {
  const check = checks.get(kind) ?? ajv.compile(withReferences(schemaOf()) as object);
  checks.set(kind, check);
  return check;
}

const NAME = new RegExp(namePattern);

/** Throws BadInputError when a resource cannot be called so. */
export function checkResourceName(kind: string, name: string): void {
  if (NAME.test(name)) return;
  throw new BadInputError(
    `"${name}" cannot be the name of ${withArticle(kind)}: at most 63 characters of a-z, 0-9 and "-", and a letter or digit at both ends.`,
    { path: ['name'] },
  );
}

/** Where a secret string is allowed, the reference that stands for it is too: an export comes back so. */
function withReferences(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withReferences);
  if (typeof schema !== 'object' || schema === null) return schema;
  const node = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withReferences(value)]));
  if (node['x-portolan'] !== mark.secret['x-portolan']) return node;
  // Made from entries, for an object literal with `then` looks like a promise to linters and to await.
  return Object.fromEntries([
    ['if', { type: 'object' }],
    ['then', secretReferenceSchema],
    ['else', node],
  ]);
}

const secretReferenceSchema = {
  type: 'object',
  required: ['$secret'],
  additionalProperties: false,
  properties: {
    $secret: {
      type: 'object',
      required: ['id', 'version'],
      additionalProperties: false,
      properties: { id: { type: 'string' }, version: { type: 'integer', minimum: 1 } },
    },
  },
};

function normalized(kind: KindDefinition, spec: JsonObject): JsonObject {
  let result: Json = spec;
  walkMarked(kind.spec, spec, mark.manifests['x-portolan'], (objects, path) => {
    if (Array.isArray(objects)) result = put(result, path, [...normalizeManifests(objects, path)]);
  });
  return result;
}

/** The kinds of all objects of an app. Null for what is a part of one, and where a chart makes them. */
function madeKinds(kind: KindDefinition, spec: JsonObject): ReadonlySet<string> | null {
  const components = kind.name === 'App' && Array.isArray(spec.components) ? spec.components : null;
  if (!components?.every((component) => isJsonObject(component) && component.type === 'manifests')) return null;
  const made = new Set<string>();
  walkMarked(kind.spec, spec, mark.manifests['x-portolan'], (objects) => {
    for (const object of objects as readonly JsonObject[]) made.add(String(object.kind));
  });
  return made;
}

function put(value: Json, path: readonly (string | number)[], replacement: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return replacement;
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? put(item, rest, replacement) : item));
  return isJsonObject(value) ? { ...value, [step]: put(value[step] ?? null, rest, replacement) } : value;
}

/** An unknown key is what people mistype most; after it, the deepest error says most. A union's own "no match" says least. */
function mostTelling(errors: readonly ErrorObject[]): ErrorObject {
  const worth = (error: ErrorObject) =>
    (error.keyword === 'additionalProperties' ? 1000 : 0) +
    (error.keyword === 'if' ? -1000 : 0) +
    (error.keyword === 'const' ? -10 : 0) +
    error.instancePath.split('/').length;
  const [first, ...rest] = errors;
  if (!first) throw new Error('A schema refused a value without saying why.');
  return rest.reduce((a, b) => (worth(b) > worth(a) ? b : a), first);
}

function pathOf(error: ErrorObject): readonly (string | number)[] {
  const steps = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  if (error.keyword === 'additionalProperties') return [...steps, String(error.params.additionalProperty)];
  if (error.keyword === 'required') return [...steps, String(error.params.missingProperty)];
  return steps;
}

function sentence(kind: KindDefinition, error: ErrorObject): string {
  const path = pathOf(error);
  const where = `spec${path.length > 0 ? '.' : ''}${path.join('.')} of ${kind.name}`;
  switch (error.keyword) {
    case 'additionalProperties': {
      const refusal = refusalOf(error.parentSchema, String(error.params.additionalProperty));
      if (refusal) return `${where} cannot be used. ${refusal}`;
      const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
      return `${where} is not known${didYouMean(String(error.params.additionalProperty), known)}`;
    }
    case 'required':
      return `${where} is missing. It is required.`;
    case 'type':
      return `${where} must be ${article(String(error.params.type))}, not ${typeName(error.data)}.`;
    case 'anyOf': {
      const allowed = literals(error.schema);
      if (allowed) return `${where} is "${String(error.data)}", which is not one of ${allowed.join(', ')}.`;
      return `${where} matches none of the allowed forms.`;
    }
    case 'const':
      return `${where} is "${String(error.data)}", which is not ${JSON.stringify(error.params.allowedValue)}.`;
    case 'pattern':
      return `${where} is "${String(error.data)}", which does not match ${String(error.params.pattern)}.`;
    default:
      return `${where} ${error.message ?? 'is not valid'}.`;
  }
}

function literals(schema: unknown): readonly string[] | null {
  if (!Array.isArray(schema) || schema.some((branch) => !('const' in branch))) return null;
  return schema.map((branch: { const: unknown }) => String(branch.const));
}

const article = (type: string) => (/^[aeio]/.test(type) ? `an ${type}` : `a ${type}`);
const typeName = (value: unknown) =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : article(typeof value);
