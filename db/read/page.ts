import { BadInputError, LimitExceededError } from '../../lib/errors.js';

/** How many to return, and after which. `after` is what a cursor was decoded to; null begins at the first. */
export interface PageRequest {
  readonly first: number;
  readonly after: readonly string[] | null;
}

/** Rows in order. `cursorOf` gives the opaque cursor of one of them. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  cursorOf(row: Row): string;
}

export const MAX_PAGE_SIZE = 500;

/** Throws LimitExceededError above 500, and BadInputError below 1. */
export function checkPageSize(first: number): number {
  if (first > MAX_PAGE_SIZE) {
    throw new LimitExceededError(
      `first is ${first}; a page has at most ${MAX_PAGE_SIZE} items. Ask for fewer, and go on with after: pageInfo.endCursor.`,
      { path: ['first'], limit: MAX_PAGE_SIZE },
    );
  }
  if (first < 1) throw new BadInputError(`first is ${first}; it must be at least 1.`, { path: ['first'] });
  return first;
}

/** How many rows to read for a page. */
export function rowsFor({ first, looksAhead }: { readonly first: number; readonly looksAhead?: boolean }): number {
  return looksAhead === false ? first : first + 1;
}

/** Takes the row that was read beyond the page as the sign that there is more. */
export function pageOf<Row>(rows: readonly Row[], first: number, cursorOf: (row: Row) => string): Page<Row> {
  return { rows: rows.slice(0, first), hasNextPage: rows.length > first, cursorOf };
}
