import type { WatchedChange } from './watch.js';

/** As long as it is not settled, whoever waits for that need not look. */
export function isNoBetter({ sameHealth }: Pick<WatchedChange, 'sameHealth'>): boolean {
  return sameHealth !== null && sameHealth !== 'Healthy';
}
