import type { LoggedCommit, LoggedRevision } from './delivery.js';

/**
 * What is wrong with a log by itself, as sentences: numbers go up, and of each object the first entry makes it, the last
 * one may remove it, and generation, version and status version never go back. `isWhole`: it begins with the database.
 */
export function checkLog(log: readonly LoggedCommit[], { isWhole }: { readonly isWhole: boolean }): readonly string[] {
  const findings: string[] = [];
  const last = new Map<string, LoggedRevision>();
  let before: bigint | null = null;
  for (const { seq, revisions } of log) {
    if (before !== null && seq <= before) findings.push(`Commit ${seq} stands after commit ${before}.`);
    if (revisions.length === 0) findings.push(`Commit ${seq} has no revision.`);
    before = seq;
    for (const revision of revisions) {
      const earlier = last.get(revision.resourceId) ?? null;
      findings.push(...checkStep(seq, earlier, revision, isWhole));
      // Events outlive what they tell of, and carry what it was like when they were written.
      if (revision.op !== 'event') last.set(revision.resourceId, revision);
    }
  }
  return findings;
}

function checkStep(
  seq: bigint,
  earlier: LoggedRevision | null,
  later: LoggedRevision,
  isWhole: boolean,
): readonly string[] {
  const { resourceId: id, op } = later;
  if (op === 'event') return [];
  const at = `of ${id} in commit ${seq}`;
  if (earlier === null)
    return isWhole && op !== 'created' ? [`The first entry ${at} is "${op}" and not "created".`] : [];
  if (earlier.op === 'removed') return [`The entry "${op}" ${at} comes after its removal.`];
  if (op === 'created') return [`The entry "created" ${at} comes although it was there.`];
  return fields.flatMap((field) => {
    const [was, is] = [earlier[field], later[field]];
    return was !== null && is !== null && is < was ? [`The ${names[field]} ${at} goes back from ${was} to ${is}.`] : [];
  });
}

const fields = ['generation', 'version', 'statusVersion'] as const;

const names = { generation: 'generation', version: 'version', statusVersion: 'status version' } as const;
