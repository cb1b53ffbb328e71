import { cursorOf } from '../../../db/cursor.js';
import type { CursorType } from '../../../db/read/cursor.js';
import type { ReadModels, RevisionRow as ReadRow } from '../../../db/read/read-models.js';
import type { SimulatedConnection } from '../connection.js';
import type { RevisionRow } from '../rows.js';
import type { Run } from '../run.js';
import { iso } from '../values.js';
import { mapPage, numberKey, pageAfter } from './page-after.js';
import { nonEmpty } from './relative-reads.js';

type RevisionReads = Pick<ReadModels, 'revisionsOf' | 'countRevisionsOf'>;

const cursorType: CursorType = { tag: 'r', keys: ['integer', 'integer'] };

export function createRevisionReads(database: SimulatedConnection): RevisionReads {
  const of = (run: Run, id: string) => run.rows(run.tables.revision.byResource, [id]);
  return {
    revisionsOf: (ids, page) =>
      database.read('read.revisions', (run) =>
        nonEmpty(ids, (id) => {
          const keyed = of(run, id).map((row) => ({ keys: [numberKey(row.seq), numberKey(row.ordinal)], row }));
          const found = pageAfter(keyed, cursorType, 'descending', page);
          return found.rows.length === 0 ? null : mapPage(found, (row) => answer(run, row));
        }),
      ),
    countRevisionsOf: (ids) =>
      database.read('read.count-revisions', (run) => nonEmpty(ids, (id) => of(run, id).length || null)),
  };
}

function answer(run: Run, { seq, at, leaseKey: _, ...row }: RevisionRow): ReadRow {
  const [plane] = run.all(run.tables.plane);
  // The filters' views are written by the store alone, in the shape that it has for them.
  const { before, after } = row as unknown as Pick<ReadRow, 'before' | 'after'>;
  return { ...row, before, after, at: iso(at), cursor: cursorOf(plane?.incarnation ?? '', seq) };
}
