import { type CursorType, decodeCursor, encodeCursor } from '../../../db/read/cursor.js';
import type { Page } from '../../../db/read/page.js';

export interface Keyed<Row> {
  /** What the order goes by, as texts that sort like it: times of equal length, numbers with zeros before them. */
  readonly keys: readonly string[];
  readonly row: Row;
}

export type Direction = 'ascending' | 'descending';

/** A page in the order of the keys, which has a cursor for each of its rows. */
export function pageAfter<Row>(
  rows: readonly Keyed<Row>[],
  type: CursorType,
  direction: Direction,
  page: { readonly first: number; readonly after: string | null },
): Page<Row> {
  const sign = direction === 'ascending' ? 1 : -1;
  const after = decodeCursor(type, page.after);
  const left = after ? rows.filter(({ keys }) => compare(keys, after) * sign > 0) : [...rows];
  const shown = left.sort((a, b) => compare(a.keys, b.keys) * sign).slice(0, page.first);
  const cursors = new Map(shown.map(({ keys, row }) => [row, encodeCursor(type, keys)]));
  return {
    rows: shown.map(({ row }) => row),
    hasNextPage: left.length > shown.length,
    cursorOf: (row) => cursors.get(row) ?? '',
  };
}

/** The same page of what is told of its rows. */
export function mapPage<From, To>(page: Page<From>, map: (row: From) => To): Page<To> {
  const cursors = new Map<To, string>();
  const rows = page.rows.map((row) => {
    const told = map(row);
    cursors.set(told, page.cursorOf(row));
    return told;
  });
  return { rows, hasNextPage: page.hasNextPage, cursorOf: (row) => cursors.get(row) ?? '' };
}

/** A number as a key. */
export const numberKey = (value: bigint | number): string => String(value).padStart(18, '0');

/** A time as a key, in the form that cursors of times have. */
export const timeKey = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '+00');

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? '';
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
