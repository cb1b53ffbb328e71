import { CursorExpiredError } from '../lib/errors.js';

/** A place in the revision log of one database: `<incarnation>:<seq>`. */
export function cursorOf(incarnation: string, seq: bigint): string {
  return `${incarnation}:${seq}`;
}

/** The serial number of a cursor. Throws CursorExpiredError when it is malformed or of another database. */
export function parseCursor(cursor: string, incarnation: string): bigint {
  const [of, seq, ...rest] = cursor.split(':');
  if (rest.length === 0 && of === incarnation && /^\d{1,18}$/.test(seq ?? '')) return BigInt(seq ?? '');
  throw new CursorExpiredError('This cursor is of another database. Begin again without one.');
}
