import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { refusalOf } from '../../lib/kind.js';
import { nearest } from '../../lib/nearest.js';
import { listOf } from '../kinds/match-kind.js';
import type { Path } from './locate.js';

/** What is wrong with a value at a path of a document. */
export interface SchemaProblem {
  readonly path: Path;
  /** Whether the key at the path is wrong, or its value. */
  readonly at: 'key' | 'value';
  readonly message: string;
}

/** Checks a value against a JSON Schema and says what is wrong in a person's words. */
export function schemaProblems(schema: JsonObject, value: unknown): readonly SchemaProblem[] {
  // Not strict: the schemas carry marks of our own.
  const ajv = new Ajv2020({ allErrors: true, strict: false, verbose: true, validateFormats: false });
  const isValid = ajv.compile(schema);
  if (isValid(value)) return [];
  const errors = isValid.errors ?? [];
  const told = errors.filter((error) => !isPartOfUnion(error, errors));
  return told.map((error) => problemOf(error));
}

function problemOf(error: ErrorObject): SchemaProblem {
  const path = pathOf(error.instancePath);
  const name = path.length === 0 ? 'the document' : dotted(path);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const refusal = refusalOf(error.parentSchema, key);
      if (refusal)
        return { path: [...path, key], at: 'key', message: `"${key}" cannot be used in ${name}: ${refusal}` };
      const allowed = Object.keys(isJsonObject(error.parentSchema?.properties) ? error.parentSchema.properties : {});
      const near = nearest(key, allowed);
      const help = near
        ? `did you mean "${near}"?`
        : allowed.length > 0
          ? `there may be ${listOf(allowed)}`
          : 'nothing may be in it';
      return { path: [...path, key], at: 'key', message: `unknown key "${key}" in ${name}; ${help}` };
    }
    case 'required':
      return { path, at: 'value', message: `${name} needs "${error.params.missingProperty}"` };
    case 'type':
      return {
        path,
        at: 'value',
        message: `${name} is ${typeOf(error.data)} and must be ${wordsOf(error.params.type)}`,
      };
    case 'const':
      return {
        path,
        at: 'value',
        message: `${name} is ${quoted(error.data)} and must be ${quoted(error.params.allowedValue)}`,
      };
    case 'enum':
      return { path, at: 'value', message: isNoneOf(name, error.data, error.params.allowedValues) };
    case 'anyOf':
    case 'oneOf': {
      return { path, at: 'value', message: unionText(name, error) };
    }
    case 'pattern':
      return {
        path,
        at: 'value',
        message: `${name} is ${quoted(error.data)}, which is not allowed: ${patternText(String(error.params.pattern))}`,
      };
    default:
      return { path, at: 'value', message: `${name} ${error.message ?? `breaks the rule ${error.keyword}`}` };
  }
}

/** Errors inside of an alternative say why each single one does not fit; the union itself says it better. */
function isPartOfUnion(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  return all.some(
    (union) =>
      union !== error &&
      (union.keyword === 'anyOf' || union.keyword === 'oneOf') &&
      error.schemaPath.startsWith(`${union.schemaPath}/`),
  );
}

function unionText(name: string, { schema, data }: ErrorObject): string {
  const alternatives = Array.isArray(schema) ? schema.filter((item) => isJsonObject(item)) : [];
  if (alternatives.length > 0 && alternatives.every((item) => 'const' in item)) {
    return isNoneOf(
      name,
      data,
      alternatives.map((item) => item.const),
    );
  }
  const needed = alternatives.flatMap((item) => (Array.isArray(item.required) ? [item.required.join(' and ')] : []));
  if (needed.length > 0 && alternatives.every((item) => Object.keys(item).join() === 'required')) {
    return `${name} needs ${listOf(needed.map((key) => `"${key}"`))}`;
  }
  const types = [...new Set(alternatives.map((item) => item.type))];
  if (types.length > 0 && types.every((type) => typeof type === 'string')) {
    return `${name} is ${typeOf(data)} and must be ${wordsOf(types)}`;
  }
  return `${name} fits none of the shapes that are allowed there`;
}

function isNoneOf(name: string, value: unknown, allowed: readonly unknown[]): string {
  const near = typeof value === 'string' ? nearest(value, allowed.map(String)) : null;
  return `${name} is ${quoted(value)} and must be ${listOf(allowed.map(quoted))}${near ? `; did you mean "${near}"?` : ''}`;
}

function patternText(pattern: string): string {
  if (pattern.startsWith('^[a-z0-9]([-a-z0-9]'))
    return 'up to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit';
  if (pattern.startsWith('^[^.['))
    return 'names joined by dots, items of lists in brackets: spec.containers[name=web].image, spec.args[0]';
  return `it must match ${pattern}`;
}

function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** `spec.components[0].name`. */
function dotted(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('');
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function typeOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? `the text ${quoted(value)}` : `the ${typeof value} ${String(value)}`;
}

function wordsOf(type: unknown): string {
  const words: Readonly<Record<string, string>> = {
    string: 'a text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object with keys',
    null: 'empty',
  };
  const types = Array.isArray(type) ? type : [type];
  return listOf(types.map((item) => words[String(item)] ?? String(item)));
}
