/**
 * What a read looked at, so that a live read knows which revisions concern it. Reads record what they asked for, not only
 * what they found: a resource that is not there yet concerns the read that asked for it.
 */
export interface ReadSetRecorder {
  /** Resources that were looked at, whether found or not, with their status, objects, events and relations. */
  ids(ids: readonly string[]): void;
  /** Lists and counts: what matches this before or after a revision is of concern. */
  predicate(predicate: ReadPredicate): void;
  /** The answer may be another one after that time, though no commit tells so: a lease runs out, say. */
  again(inMs: number): void;
}

/** A condition that is left out matches everything. Recording more than was read is allowed, less is not. */
export interface ReadPredicate {
  readonly kinds?: readonly string[];
  readonly projectId?: string;
  readonly environmentId?: string;
  readonly ownerId?: string;
  /** Only changes of what is desired: not what controllers say of it. */
  readonly isDesired?: true;
}
