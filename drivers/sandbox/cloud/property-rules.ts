import { isJsonObject, isSameJson, type Json, type JsonObject } from '../../../lib/canonical.js';
import { refusal } from './refusal.js';

/** What a property of a cloud resource may be. */
export interface PropertyRule {
  readonly is: 'text' | 'number' | 'boolean' | 'texts' | 'object';
  /** What it is when it is left out; a property without one must be given, unless it is optional. */
  readonly fallback?: Json;
  readonly isOptional?: boolean;
  readonly isImmutable?: boolean;
  /** Never shown; kept when an update leaves it out. */
  readonly isSecret?: boolean;
  /** Numbers and dotted versions: an update may only raise it. */
  readonly canOnlyGrow?: boolean;
  readonly pattern?: RegExp;
  readonly minimum?: number;
  readonly maximum?: number;
}

export type PropertyRules = Readonly<Record<string, PropertyRule>>;

/** The properties as they are kept: checked, with what was left out filled in. `before` is null at creation. */
export function completeProperties(rules: PropertyRules, given: JsonObject, before: JsonObject | null): JsonObject {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(rules, name)) throw refusal.invalid(`the property ${name} is not known`);
  }
  const complete = Object.entries(rules).flatMap(([name, rule]): [string, Json][] => {
    const value = given[name] ?? (rule.isSecret ? before?.[name] : undefined) ?? rule.fallback;
    if (value !== undefined) return [[name, checked(name, value, rule)]];
    if (rule.isOptional) return [];
    throw refusal.invalid(`the property ${name} is missing`);
  });
  const after = Object.fromEntries(complete);
  if (before) checkChange(rules, before, after);
  return after;
}

/** Without those that nobody may read. */
export function withoutSecrets(rules: PropertyRules, properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !rules[name]?.isSecret));
}

function checked(name: string, value: Json, rule: PropertyRule): Json {
  if (!isOfType(value, rule.is)) throw refusal.invalid(`the property ${name} must be ${wordsOf[rule.is]}`);
  if (rule.pattern && !rule.pattern.test(String(value))) {
    throw refusal.invalid(`the property ${name} cannot be ${rule.isSecret ? 'that' : JSON.stringify(value)}`);
  }
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = rule;
  if (typeof value === 'number' && (value < minimum || value > maximum)) {
    throw refusal.invalid(`the property ${name} is ${value}, and must be from ${minimum} to ${maximum}`);
  }
  return value;
}

function checkChange(rules: PropertyRules, before: JsonObject, after: JsonObject): void {
  const changed = Object.keys(rules).filter((name) => !isSameJson(before[name] ?? null, after[name] ?? null));
  const immutable = changed.filter((name) => rules[name]?.isImmutable);
  if (immutable.length > 0) throw refusal.immutable(immutable);
  const shrunk = changed.find((name) => rules[name]?.canOnlyGrow && isLess(after[name], before[name]));
  if (shrunk !== undefined) {
    const [from, to] = [before[shrunk], after[shrunk]].map(String);
    throw refusal.invalid(`the property ${shrunk} can only be raised, and would go from ${from} to ${to}`);
  }
}

const wordsOf = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  texts: 'a list of texts',
  object: 'an object',
} as const;

function isOfType(value: Json, is: PropertyRule['is']): boolean {
  if (is === 'text') return typeof value === 'string';
  if (is === 'texts') return Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (is === 'object') return isJsonObject(value);
  return typeof value === is;
}

function isLess(value: Json | undefined, than: Json | undefined): boolean {
  if (typeof value === 'number' && typeof than === 'number') return value < than;
  const [left, right] = [value, than].map((each) =>
    String(each ?? '')
      .split('.')
      .map(Number),
  );
  for (const [index, part] of (right ?? []).entries()) {
    const other = left?.[index] ?? 0;
    if (other !== part) return other < part;
  }
  return false;
}
