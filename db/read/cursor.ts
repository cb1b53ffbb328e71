import { BadInputError } from '../../lib/errors.js';

/** The shape of each key of a cursor, so that a forged one never reaches SQL. */
export type CursorKey = 'text' | 'uuid' | 'time' | 'integer';

/** One order of one list: cursors of another order are refused. */
export interface CursorType {
  readonly tag: string;
  readonly keys: readonly CursorKey[];
}

/** Opaque to clients: the keys of the last row, in the order's own form. */
export function encodeCursor(type: CursorType, keys: readonly string[]): string {
  return Buffer.from(JSON.stringify([type.tag, ...keys])).toString('base64url');
}

/** null for null or undefined. Throws BadInputError for what was not a cursor of this order. */
export function decodeCursor(type: CursorType, cursor: string | null | undefined): readonly string[] | null {
  if (cursor === null || cursor === undefined) return null;
  const [tag, ...keys] = parse(cursor);
  const isValid =
    tag === type.tag &&
    keys.length === type.keys.length &&
    type.keys.every((key, index) => patterns[key].test(keys[index] ?? ''));
  if (isValid) return keys;
  throw new BadInputError('after is not a cursor of this list. Take it from pageInfo.endCursor of the page before.', {
    path: ['after'],
  });
}

const patterns: Readonly<Record<CursorKey, RegExp>> = {
  text: /^[^\0]{0,1000}$/s,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  time: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/,
  integer: /^\d{1,18}$/,
};

function parse(cursor: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : [];
  } catch {
    return [];
  }
}
