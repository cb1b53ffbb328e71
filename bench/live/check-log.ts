import type { Database } from '../../db/database.js';
import type { LogEntry } from './log-reader.js';

/** What is wrong with what a reader of the log got after one place and up to another, in sentences; none: nothing. */
export async function checkLog(
  database: Database,
  entries: readonly LogEntry[],
  range: { readonly after: bigint; readonly upTo: bigint },
): Promise<readonly string[]> {
  const stored = await database.query<StoredEntry>(readEntries, [range.after, range.upTo]);
  const got = entries.filter(({ seq }) => seq > range.after && seq <= range.upTo);
  const expected = new Set(stored.map(placeOf));
  const seen = new Set<string>();
  const versions = new Map<string, number>();
  const wrong: string[] = [];
  let last = range.after;
  for (const entry of got) {
    const place = placeOf(entry);
    if (seen.has(place)) wrong.push(`${place} came twice.`);
    seen.add(place);
    if (!expected.has(place)) wrong.push(`${place} came, and is not in the log.`);
    if (entry.seq < last) wrong.push(`${place} came after ${last}.`);
    last = entry.seq;
    if (entry.version < (versions.get(entry.resourceId) ?? 0)) wrong.push(`${place} came after a later change of it.`);
    versions.set(entry.resourceId, entry.version);
  }
  const lost = [...expected].filter((place) => !seen.has(place));
  if (lost.length > 0) wrong.push(`${lost.length} of ${expected.size} entries did not come, ${lost[0]} among them.`);
  return wrong;
}

const placeOf = ({ seq, ordinal }: { readonly seq: bigint; readonly ordinal: number }) => `entry ${seq}/${ordinal}`;

interface StoredEntry {
  readonly seq: bigint;
  readonly ordinal: number;
}

const readEntries = {
  name: 'bench.read-entries',
  text: 'select seq, ordinal from revision where seq > $1 and seq <= $2 order by seq, ordinal',
};
