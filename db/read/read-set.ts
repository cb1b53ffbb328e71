import type { Json } from '../../lib/canonical.js';
import type { Health } from '../../lib/health.js';
import type { Revision, RevisionOp } from '../contract.js';

/**
 * What a read looked at, so that a live read knows which revisions concern it. Reads record what they asked for, not only
 * what they found: a resource that is not there yet concerns the read that asked for it.
 */
export interface ReadSetRecorder {
  /** Resources that were looked at, whether found or not, with their status, objects, events and references. */
  ids(ids: readonly string[]): void;
  /** Lists and counts: what matches this before or after a revision is of concern. */
  predicate(predicate: ReadPredicate): void;
  /**
   * What the log has just told of this resource, if it is as new as what was read of it last: it does for a read of that.
   * null: read it. Who began to wait for an answer after it was told is never answered from it.
   */
  news(id: string): Revision | null;
  /** At which version it was read. */
  saw(id: string, version: number): void;
  /** The answer may be another one after that time, though no commit tells so: a lease runs out, say. */
  again(inMs: number): void;
}

/** Which revisions. A condition that is left out matches everything. Recording more than was read is allowed, less is not. */
export interface ReadPredicate {
  readonly ids?: readonly string[];
  readonly kinds?: readonly string[];
  readonly names?: readonly string[];
  readonly nameContains?: string;
  readonly projectIds?: readonly string[];
  readonly environmentIds?: readonly string[];
  readonly ownerIds?: readonly string[];
  readonly ops?: readonly RevisionOp[];
  /** What changes of a resource: as it was before or as it is after, so that one that leaves is noticed too. */
  readonly state?: StatePredicate;
  /** Of revisions that tell of objects: of such kinds and names. Others match. */
  readonly objects?: { readonly kinds?: readonly string[]; readonly names?: readonly string[] };
  /** Of revisions that tell of events: of this type. Others match. */
  readonly eventType?: string;
}

export interface StatePredicate {
  readonly health?: readonly Health[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly isDeleting?: boolean;
  /** Top-level fields of the spec that are equal. */
  readonly spec?: Readonly<Record<string, Json>>;
}

/** What changes what is desired, and not only what controllers say of it. */
export const desiredOps: readonly RevisionOp[] = ['created', 'updated', 'deletionRequested', 'removed'];
