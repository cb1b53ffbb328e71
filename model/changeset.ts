import type { Json, JsonObject } from '../lib/canonical.js';
import type { Resource } from './resource.js';

/**
 * One edit of desired state, addressed by names. All edits of a changeset are committed, or none.
 * create: refused when the name is taken. update: the spec becomes this one. apply: states fields in the name of a
 * manager, creating what is not there. deploy: partial apply of an AppInstance whose release becomes the newest one unless stated.
 * refresh: takes over what layers say now, changes of definitions that wait for approval included; also of what it owns.
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
  /** Of an apply: states these fields beside what the manager stated before, of which nothing is taken away. */
  readonly isPartial?: boolean;
  /** Of a deletion: what it and all that is on it have outside is forgotten, not removed, and nobody is asked. */
  readonly force?: boolean;
}

export type EditOp = 'create' | 'update' | 'apply' | 'deploy' | 'refresh' | 'delete';

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
  /** Fields that it stated as before, and that others changed since. They stay as the others set them. */
  readonly kept: readonly KeptField[];
}

/** A field that is as another manager set it, and was stated differently. */
export interface KeptField {
  readonly path: string;
  /** Who set it. */
  readonly manager: string;
  /** null for a secret, like `actual`. */
  readonly stated: Json;
  readonly actual: Json;
  readonly isSecret: boolean;
  /** Since when it is so; null where that is not known any more. */
  readonly set: FieldSetting | null;
}

/** The commit that set a field. */
export interface FieldSetting {
  readonly changesetId: string;
  readonly actor: string;
  readonly at: string;
  /** null: the log goes back less far. */
  readonly cursor: string | null;
}

export interface Committed {
  readonly changesetId: string;
  /** Of this commit; of the newest one when nothing changed. */
  readonly cursor: string;
  readonly edits: readonly AppliedEdit[];
  /** What the edits left, by id, so that nobody has to read it again. Not of what they left as it was, or removed. */
  readonly written?: ReadonlyMap<string, WrittenResource>;
}

/** A resource as it was written: all that follows from the edit, and not from the database. */
export type WrittenResource = Pick<
  Resource,
  | 'id'
  | 'kind'
  | 'name'
  | 'projectId'
  | 'environmentId'
  | 'ownerId'
  | 'generation'
  | 'version'
  | 'specVersion'
  | 'labels'
  | 'spec'
  | 'managers'
  | 'leaseKey'
>;
