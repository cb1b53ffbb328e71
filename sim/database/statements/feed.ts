import type { Forms } from '../form.js';
import type { RevisionRow } from '../rows.js';
import type { Run } from '../run.js';
import { bigint, integer, iso } from '../values.js';
import { REVISION_SEQUENCE } from './revisions.js';

/** Statements of db/feed.ts and db/feed/. */
export const feedForms: Forms = {
  'feed.newest': (run) => [{ newest: run.engine.lastValue(REVISION_SEQUENCE) }],

  'feed.lowest-key': (run, [writerClass]) => {
    const base = bigint(writerClass) << 48n;
    const keys = run.engine.heldAdvisoryKeys.filter((key) => key >> 48n === bigint(writerClass));
    const lowest = keys.reduce<bigint | null>((least, key) => (least === null || key < least ? key : least), null);
    return [{ key: lowest === null ? null : lowest - base }];
  },

  'feed.count-commits': (run, [after]) => {
    const newest = newestSeq(run, run.engine.lastValue(REVISION_SEQUENCE), bigint(after));
    let count = 0n;
    for (let seq = bigint(after) + 1n; newest !== null && seq <= newest; seq += 1n) {
      if (run.one(run.tables.revision.bySeq, String(seq))) count += 1n;
    }
    return [{ newest, count }];
  },

  'feed.read-last': (run, [upTo]) => [{ seq: newestSeq(run, bigint(upTo)) }],

  'feed.read-limits': (run) =>
    run
      .all(run.tables.plane)
      .map(({ retainedAfter }) => ({ newest: run.engine.lastValue(REVISION_SEQUENCE), retainedAfter })),

  'feed.read-rows': (run, [after, upTo, limit]) => {
    const rows: object[] = [];
    const last = run.engine.lastValue(REVISION_SEQUENCE);
    const end = bigint(upTo) < last ? bigint(upTo) : last;
    for (let seq = bigint(after) + 1n; seq <= end && rows.length < integer(limit); seq += 1n) {
      rows.push(...revisionsAt(run, seq).map(answer));
    }
    return rows.slice(0, integer(limit));
  },

  'feed.read-commit': (run, [seq]) => revisionsAt(run, bigint(seq)).map(answer),
};

/** Of one commit, in order. */
export function revisionsAt(run: Run, seq: bigint): RevisionRow[] {
  return run.rows(run.tables.revision.bySeq, [String(seq)]).sort((a, b) => a.ordinal - b.ordinal);
}

/** The newest number up to one, and after another, under which something is visible; null: there is none. */
export function newestSeq(run: Run, upTo: bigint, after = 0n): bigint | null {
  for (let seq = upTo; seq > after; seq -= 1n) if (run.one(run.tables.revision.bySeq, String(seq))) return seq;
  return null;
}

function answer(row: RevisionRow): object {
  return { ...row, at: iso(row.at), sizeBytes: row.document === null ? 0 : DOCUMENT_BYTES };
}

/** What a document takes is not simulated; that it takes something bounds what is kept in memory. */
const DOCUMENT_BYTES = 1000;
