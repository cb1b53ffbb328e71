import { isJsonObject, type Json, type JsonObject } from '../../../lib/canonical.js';

/** From a field, or from a list, to what is in it. */
export type PathStep =
  | { readonly field: string }
  | {
      /** What the list has there. */
      readonly item: Json;
      readonly index: number;
      /** Names of the fields that tell its items apart; empty: their place does; null: their value does, as in a set. */
      readonly keys: readonly string[] | null;
    };

/** From the root of an object to a field. */
export type FieldPath = readonly PathStep[];

/** A path as a policy names it, read once. Fields whose names hold dots are several tokens, as they are in the text. */
export type FieldPattern = readonly PatternToken[];

type PatternToken = string | { readonly any: true } | { readonly index: number } | { readonly where: JsonObject };

/** `spec.template.spec.containers[name=web].image`; `args[0]`; `finalizers[=x]`; empty for the object itself. */
export function pathText(path: FieldPath): string {
  return path
    .map((step) => ('field' in step ? `.${step.field}` : `[${itemText(step)}]`))
    .join('')
    .replace(/^\./, '');
}

function itemText({ item, index, keys }: Exclude<PathStep, { field: string }>): string {
  if (keys === null) return `=${String(item)}`;
  if (keys.length === 0) return String(index);
  return keys.map((key) => `${key}=${String(keyValue(item, key))}`).join(',');
}

/** What the API server sets in lists with keys when it is left out. */
const keyDefaults: JsonObject = { protocol: 'TCP' };

/** The value by which an item is told from others; undefined: it has none. */
export function keyValue(item: Json, key: string): Json | undefined {
  return isJsonObject(item) ? (item[key] ?? keyDefaults[key]) : undefined;
}

/** Reads `spec.containers[name=web].env[*]`. A dot in front, as the API server writes it, and quotes in brackets are no matter. */
export function parseFieldPattern(text: string): FieldPattern {
  const tokens: PatternToken[] = [];
  for (const [, bracket, name] of text.matchAll(/\[("[^"]*"|[^\]"]*(?:"[^"]*"[^\]"]*)*)\]|([^.[\]]+)/g)) {
    if (name !== undefined) tokens.push(name);
    else if (bracket !== undefined) tokens.push(...itemToken(bracket));
  }
  return tokens;
}

function itemToken(text: string): readonly PatternToken[] {
  if (text === '*') return [{ any: true }];
  if (/^\d+$/.test(text)) return [{ index: Number(text) }];
  // A name with dots in brackets: annotations["example.com/note"].
  if (!text.includes('=')) return unquoted(text).split('.');
  const pairs = text.split(/,(?=[^",]+=)/).map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).trim(), unquoted(pair.slice(at + 1).trim())] as const;
  });
  return [{ where: Object.fromEntries(pairs) }];
}

const unquoted = (text: string): string => (/^".*"$/.test(text) ? text.slice(1, -1) : text);

/** same: the pattern names this very path. below: it names something in it. */
export function relationOf(pattern: FieldPattern, path: FieldPath): 'same' | 'below' | 'elsewhere' {
  const steps = path.flatMap((step): readonly (PathStep | string)[] =>
    'field' in step ? step.field.split('.') : [step],
  );
  if (steps.length > pattern.length || pattern.length === 0) return 'elsewhere';
  const isOnTheWay = steps.every((step, index) => matches(pattern[index], step));
  if (!isOnTheWay) return 'elsewhere';
  return steps.length === pattern.length ? 'same' : 'below';
}

function matches(token: PatternToken | undefined, step: PathStep | string): boolean {
  if (token === undefined || typeof token === 'string') return token === step;
  if (typeof step === 'string' || 'field' in step) return false;
  if ('any' in token) return true;
  if ('index' in token) return token.index === step.index;
  return Object.entries(token.where).every(
    ([key, value]) => String(key === '' ? step.item : keyValue(step.item, key)) === value,
  );
}
