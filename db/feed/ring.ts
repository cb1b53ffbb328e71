import type { SizedCommit } from './page.js';

/**
 * The newest commits, shared by all readers of this process. While there are none it keeps nothing: what was parsed from
 * the log can be freed while it is young, and whoever comes reads the table up to where the ring begins.
 */
export class Ring {
  #commits: SizedCommit[] = [];
  #sizeBytes = 0;
  /** Every commit after this number and up to the head is here. */
  #after: bigint;

  constructor(after: bigint) {
    this.#after = after;
  }

  get after(): bigint {
    return this.#after;
  }

  push(commits: readonly SizedCommit[]): void {
    for (const commit of commits) this.#sizeBytes += commit.sizeBytes;
    this.#commits.push(...commits);
    let dropped = 0;
    while (this.#commits.length - dropped > MAX_COMMITS || this.#sizeBytes > MAX_BYTES) {
      const oldest = this.#commits[dropped];
      if (!oldest) break;
      this.#sizeBytes -= oldest.sizeBytes;
      this.#after = oldest.seq;
      dropped += 1;
    }
    if (dropped > 0) this.#commits = this.#commits.slice(dropped);
  }

  /** Nobody reads: everything up to this number is forgotten. */
  skip(upTo: bigint): void {
    this.#commits = [];
    this.#sizeBytes = 0;
    this.#after = upTo;
  }

  /** The first commit after `seq`; null when there is none yet. Only for numbers that the ring still reaches. */
  next(seq: bigint): SizedCommit | null {
    let low = 0;
    let high = this.#commits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const commit = this.#commits[middle];
      if (commit && commit.seq <= seq) low = middle + 1;
      else high = middle;
    }
    return this.#commits[low] ?? null;
  }
}

const MAX_COMMITS = 5000;
const MAX_BYTES = 32 * 1024 * 1024;
