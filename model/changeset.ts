import type { JsonObject } from '../lib/canonical.js';

/**
 * One edit of desired state, addressed by names. All edits of a changeset are committed, or none.
 * create: refused when the name is taken. update: the spec becomes this one. apply: states fields in the name of a
 * manager, creating what is not there. deploy: apply of an AppInstance whose release becomes the newest one unless stated.
 */
export interface Edit {
  readonly op: EditOp;
  readonly kind: string;
  /** null: `default`. */
  readonly project: string | null;
  readonly environment: string | null;
  readonly name: string;
  readonly spec?: JsonObject;
  readonly labels?: Readonly<Record<string, string>>;
  readonly expectedVersion?: number;
  /** Of a deletion: what it and all that is on it have outside is forgotten, not removed, and nobody is asked. */
  readonly force?: boolean;
}

export type EditOp = 'create' | 'update' | 'apply' | 'deploy' | 'delete';

export interface Changeset {
  readonly edits: readonly Edit[];
  /** Who sets the fields. */
  readonly manager: string;
  readonly takeOver: boolean;
  readonly idempotencyKey: string | null;
  /** Refused (ConflictError) when it would not come to what this plan says any more. */
  readonly plan?: ExpectedPlan;
}

/** A plan that somebody looked at and agrees to. */
export interface ExpectedPlan {
  readonly hash: string;
  /** As of when it was made, so that a refusal can say what changed since. null: not known. */
  readonly cursor: string | null;
}

export type EditResult = 'created' | 'updated' | 'unchanged' | 'deletionRequested' | 'removed';

export interface AppliedEdit {
  readonly op: EditOp;
  readonly kind: string;
  readonly name: string;
  readonly resourceId: string;
  readonly result: EditResult;
}

export interface Committed {
  readonly changesetId: string;
  /** Of this commit; of the newest one when nothing changed. */
  readonly cursor: string;
  readonly edits: readonly AppliedEdit[];
}
