/** A place in the log, as it is asked for. Its text form is the scalar Moment of the graph. */
export type AskedMoment =
  /** As `changes` and `apply` return it. */
  | { readonly type: 'cursor'; readonly cursor: string }
  /** ISO 8601 in UTC, to the millisecond: the newest commit that had begun by then. */
  | { readonly type: 'time'; readonly time: string };

/** A place in the log that was found there: what was committed up to it, and nothing else, is what was at that moment. */
export interface Moment {
  readonly seq: bigint;
  /** When its commit began. */
  readonly at: string;
}
