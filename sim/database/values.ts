import type { Value } from '../../db/statement.js';
import { sqlError } from './sql-error.js';

/** What was given to a statement, by place, read as the type that its text casts it to. */
export type Values = readonly Value[];

export function text(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  throw sqlError('42804', `a text was expected, not ${typeof value}`);
}

export function optionalText(value: Value | undefined): string | null {
  return value === null || value === undefined ? null : text(value);
}

export function texts(value: Value | undefined): readonly string[] {
  if (Array.isArray(value)) return value.map((item) => text(item));
  throw sqlError('42804', `an array was expected, not ${typeof value}`);
}

export function integer(value: Value | undefined): number {
  const read = Number(value);
  if (Number.isInteger(read)) return read;
  throw sqlError('22P02', `invalid input syntax for type integer: "${value}"`);
}

export function bigint(value: Value | undefined): bigint {
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string') return BigInt(value);
  throw sqlError('42804', `a bigint was expected, not ${typeof value}`);
}

export function bytes(value: Value | undefined): Buffer {
  if (Buffer.isBuffer(value)) return value;
  throw sqlError('42804', `bytea was expected, not ${typeof value}`);
}

/** `\x00ff` in a text. */
export const bytesOfHex = (hex: string): Buffer => Buffer.from(hex.slice(2), 'hex');

/** `$1::jsonb`. Frozen, because whoever reads it later gets the same. */
export function json<Shape>(value: Value | undefined): Shape {
  const source = text(value);
  const escaped = UNSTORABLE.exec(source);
  if (escaped?.[1] === '0000') throw sqlError('22P05', 'unsupported Unicode escape sequence');
  if (escaped) throw sqlError('22P02', 'invalid input syntax for type json');
  return frozen(JSON.parse(source)) as Shape;
}

/** A NUL character, or half of a surrogate pair: JSON.stringify escapes only those that are alone. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(0000|d[89a-f]..)/i;

/** Milliseconds as the results of statements have them. */
export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** With the keys of objects in the order of jsonb, shorter ones first: what is told of a document follows it. */
function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozen));
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, frozen(item)]);
  return Object.freeze(Object.fromEntries(entries.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))));
}
