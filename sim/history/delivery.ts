/** What is compared of one entry of the log. */
export interface LoggedRevision {
  readonly resourceId: string;
  readonly op: string;
  readonly generation: number;
  readonly version: number;
  readonly statusVersion: number | null;
}

/** All revisions of one transaction, in order. `seq`: the number of its cursor. */
export interface LoggedCommit {
  readonly seq: bigint;
  readonly revisions: readonly LoggedRevision[];
}

/** What one subscriber of `changes` saw, over all its connections, in the order in which it saw it. */
export type ChangesDelivery =
  /** Subscribe was sent. null: from now on. */
  | { readonly type: 'subscribed'; readonly after: bigint | null }
  /** From now on, and now is here. */
  | { readonly type: 'sync'; readonly seq: bigint }
  | { readonly type: 'commit'; readonly commit: LoggedCommit };

/** Of one subscriber of `watch`, in one order with the commits that it is to be woken for. */
export type WatchDelivery =
  | { readonly type: 'subscribed' }
  | { readonly type: 'SYNC' }
  | { readonly type: 'CHANGED'; readonly id: string; readonly isRemoved: boolean }
  /** A commit that concerns what is watched began: whatever wakes for `id` from here on may have been told of it. */
  | { readonly type: 'began'; readonly id: string; readonly isRemoved: boolean };

/** Of one subscriber of a live read. An answer is compared as text, such as canonical JSON. */
export type LiveDelivery = { readonly type: 'subscribed' } | { readonly type: 'answer'; readonly text: string };
