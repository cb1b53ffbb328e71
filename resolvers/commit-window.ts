import type { Commit } from '../db/contract.js';
import type { ReadSet } from './read-set.js';

/**
 * The commits that came while reads run: what a read looks at is known only when it is over, and what came in between is
 * judged then. Nothing is kept while none runs.
 */
export interface CommitWindow {
  push(commit: Commit): void;
  /** A read begins. Returns its place, to be given back at its end. */
  open(): number;
  /** Whether something came since `place` that concerns what was read; also when that is not known any more. */
  close(place: number, seen: ReadSet): boolean;
}

export function createCommitWindow(): CommitWindow {
  let commits: Commit[] = [];
  /** The number of the first that is kept. */
  let first = 0;
  let open = 0;
  return {
    push(commit) {
      if (open === 0) return;
      commits.push(commit);
      if (commits.length <= MAX_COMMITS) return;
      first += MAX_COMMITS / 2;
      commits = commits.slice(MAX_COMMITS / 2);
    },
    open() {
      open += 1;
      return first + commits.length;
    },
    close(place, seen) {
      const isConcerned = place < first || commits.slice(place - first).some((commit) => seen.isConcernedBy(commit));
      open -= 1;
      if (open === 0) {
        first += commits.length;
        commits = [];
      }
      return isConcerned;
    },
  };
}

/** More than these while a read runs: the read is taken to be outdated. */
const MAX_COMMITS = 1_000;
