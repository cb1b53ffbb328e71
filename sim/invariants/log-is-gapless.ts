import type { ViewerRecord } from '../viewers.js';
import type { Evidence, Invariant } from './invariant.js';

/** A reader of `changes` gets the whole log from where it began, each entry once, in order. */
export function createLogIsGapless(): Invariant {
  /** By viewer: how many entries it had been told of when they were looked at last. */
  const checked = new Map<string, number>();
  return {
    title: 'who follows the log gets every entry once and in order',
    // What the log comes to have between those is found with the next one, or in the end.
    always: (evidence) =>
      evidence.viewers.flatMap((viewer) => {
        if (viewer.changes.length === checked.get(viewer.name)) return [];
        checked.set(viewer.name, viewer.changes.length);
        return compare(viewer, evidence, false);
      }),
    settled: (evidence) => evidence.viewers.flatMap((viewer) => compare(viewer, evidence, true)),
  };
}

function compare({ name, changes, since }: ViewerRecord, { database }: Evidence, isWhole: boolean): readonly string[] {
  if (since === null) return [];
  const begin = seqOf(since);
  const wanted = database
    .rows('revision')
    .filter(({ seq }) => seq > begin)
    .sort((a, b) => Number(a.seq - b.seq) || a.ordinal - b.ordinal);
  for (const [index, change] of changes.entries()) {
    const entry = wanted[index];
    const isSame = entry && entry.seq === seqOf(change.cursor) && entry.ordinal === change.ordinal;
    if (isSame && entry.resourceId === change.resourceId && entry.op === change.op) continue;
    const should = entry ? `${entry.seq}#${entry.ordinal} (${entry.op} ${entry.kind} ${entry.name})` : 'nothing';
    return [`${name} was told of ${seqOf(change.cursor)}#${change.ordinal} (${change.op}) where the log has ${should}`];
  }
  if (!isWhole || changes.length >= wanted.length) return [];
  return [`${name} was told of ${changes.length} of the ${wanted.length} entries of the log`];
}

function seqOf(cursor: string): bigint {
  return BigInt(cursor.slice(cursor.lastIndexOf(':') + 1));
}
