import type { ResourceColumns, ResourceRow } from '../db/read/resource-row.js';
import type { Committed } from '../model/changeset.js';

/** The row as a commit wrote it; null where more of it is asked for than follows from that. */
export function writtenRow({ written }: Committed, id: string, columns: ResourceColumns): ResourceRow | null {
  const row = written?.get(id);
  return row && [...columns].every((column) => Object.hasOwn(row, column)) ? row : null;
}
