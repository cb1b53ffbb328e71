import type { ChangesDelivery, LoggedCommit, LoggedRevision } from '../../../sim/history/delivery.js';

/** `created a 1/1`: the operation, the object, its generation and version. */
export function commit(seq: number, ...revisions: readonly string[]): LoggedCommit {
  return { seq: BigInt(seq), revisions: revisions.map(revisionOf) };
}

export const subscribed = (after: number | null): ChangesDelivery => ({
  type: 'subscribed',
  after: after === null ? null : BigInt(after),
});

export const sync = (seq: number): ChangesDelivery => ({ type: 'sync', seq: BigInt(seq) });

export const took = (...commits: readonly LoggedCommit[]): readonly ChangesDelivery[] =>
  commits.map((one) => ({ type: 'commit', commit: one }));

function revisionOf(text: string): LoggedRevision {
  const [op = '', resourceId = '', numbers = '1/1'] = text.split(' ');
  const [generation = 1, version = 1, statusVersion = null] = numbers.split('/').map(Number);
  return { op, resourceId, generation, version, statusVersion };
}
