import type { ChangesDelivery, LoggedCommit } from './delivery.js';

/**
 * What is wrong with what a subscriber of `changes` was given, as sentences, against the log of the database: every
 * commit once and whole, in order, over any number of connections; after a loss exactly what follows the last one taken.
 * `isCaughtUp`: it was given time to see all of it.
 */
export function checkChanges(
  log: readonly LoggedCommit[],
  deliveries: readonly ChangesDelivery[],
  { isCaughtUp }: { readonly isCaughtUp: boolean },
): readonly string[] {
  const findings: string[] = [];
  const indexOf = new Map(log.map(({ seq }, index) => [seq, index]));
  /** Up to here it has seen all; null: it has not been told yet where it begins. */
  let seen: bigint | null = null;
  for (const delivery of deliveries) {
    if (delivery.type === 'subscribed') {
      const { after } = delivery;
      if (after === null) {
        if (seen !== null) findings.push(`It began anew, and the last that it had taken was ${seen}.`);
        seen = null;
      } else if (seen !== null && after !== seen) {
        findings.push(`It went on after ${after}, and the last that it had taken was ${seen}.`);
        seen = after;
      } else seen = after;
      continue;
    }
    if (delivery.type === 'sync') {
      if (seen !== null) findings.push(`SYNC at ${delivery.seq} came to who had begun at ${seen}.`);
      seen = delivery.seq;
      continue;
    }
    const { commit } = delivery;
    if (seen === null) findings.push(`Commit ${commit.seq} came before it was told where it begins.`);
    else findings.push(...checkNext(log, seen, commit));
    findings.push(...checkWhole(log[indexOf.get(commit.seq) ?? -1], commit));
    if (seen === null || commit.seq > seen) seen = commit.seq;
  }
  const newest = log.at(-1)?.seq;
  if (isCaughtUp && seen !== null && newest !== undefined && newest > seen) {
    const missing = log.filter(({ seq }) => seq > (seen ?? 0n));
    findings.push(`Never came: ${missing.length} commits after ${seen}, up to ${newest}.`);
  }
  return findings;
}

function checkNext(log: readonly LoggedCommit[], seen: bigint, { seq }: LoggedCommit): readonly string[] {
  if (seq <= seen) return [`Commit ${seq} came again, or out of order: ${seen} had come.`];
  const skipped = between(log, seen, seq);
  return skipped.length === 0 ? [] : [`Commit ${seq} came after ${seen}, without ${skipped.join(', ')}.`];
}

/** The numbers of the commits after one and before another; the first ones, where they are many. */
function between(log: readonly LoggedCommit[], after: bigint, before: bigint): readonly string[] {
  const skipped: string[] = [];
  for (let index = firstAfter(log, after); index < log.length; index += 1) {
    const seq = log[index]?.seq ?? before;
    if (seq >= before) break;
    if (skipped.push(String(seq)) === MOST_NAMED) return [...skipped, 'and more'];
  }
  return skipped;
}

const MOST_NAMED = 10;

/** By halves: a subscriber of a long log is checked commit by commit. */
function firstAfter(log: readonly LoggedCommit[], after: bigint): number {
  let [low, high] = [0, log.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((log[middle]?.seq ?? 0n) > after) high = middle;
    else low = middle + 1;
  }
  return low;
}

function checkWhole(logged: LoggedCommit | undefined, { seq, revisions }: LoggedCommit): readonly string[] {
  if (!logged) return [`Commit ${seq} came, and the database does not have it.`];
  if (textOf(logged.revisions) === textOf(revisions)) return [];
  return [`Commit ${seq} came as ${textOf(revisions)}, and the database has ${textOf(logged.revisions)}.`];
}

const textOf = (revisions: LoggedCommit['revisions']) =>
  revisions
    .map(
      ({ resourceId, op, generation, version, statusVersion }) =>
        `${op} ${resourceId} ${generation}/${version}/${statusVersion}`,
    )
    .join('; ');
