import type { RevisionRow } from '../database/rows.js';

/** Which entries of the log were not looked at before. They may appear out of order: numbers are taken before commits. */
export function createFreshness(): (log: readonly RevisionRow[]) => readonly RevisionRow[] {
  // A row of the log is never written again, so it is always the same one.
  const seen = new WeakSet<object>();
  let last: readonly RevisionRow[] | null = null;
  return (log) => {
    // The same list is told of until something is committed.
    if (log === last) return [];
    last = log;
    return log.filter((row) => {
      const isFresh = !seen.has(row);
      seen.add(row);
      return isFresh;
    });
  };
}
