import type { Forms } from '../form.js';
import type { RevisionRow } from '../rows.js';
import { bigint, iso, isoOrNull, optionalText } from '../values.js';
import { newestSeq, revisionsAt } from './feed.js';

/** Statements of db/read/moment-reads.ts. */
export const momentForms: Forms = {
  'read.find-moment': (run, [cursor, time, settled]) => {
    const log = run.all(run.tables.revision);
    const asked = optionalText(time);
    const upTo = bigint(settled);
    const begun = asked === null ? [] : log.filter((row) => row.at <= Date.parse(asked) && row.seq <= upTo);
    const newest = begun.reduce<RevisionRow | null>((best, row) => (best && !isLater(row, best) ? best : row), null);
    const seq = cursor === null ? (newest?.seq ?? null) : bigint(cursor);
    const last = seq === null ? null : newestSeq(run, seq);
    const at = last === null ? null : (revisionsAt(run, last)[0]?.at ?? null);
    return run.all(run.tables.plane).map(({ incarnation, retainedAfter, createdAt }) => {
      return { incarnation, retainedAfter, createdAt: iso(createdAt), seq, at: isoOrNull(at) };
    });
  },
};

function isLater(one: RevisionRow, other: RevisionRow): boolean {
  return one.at > other.at || (one.at === other.at && one.seq > other.seq);
}
