import type { Json } from '../lib/canonical.js';
import type { ErrorCode } from '../lib/errors.js';
import type { SpecOf } from '../lib/kind.js';
import type { workloadKind } from '../schema/kinds/workload.js';
import type { KeptField } from './changeset.js';

/** What committing a changeset would do, and the hash by which it can be committed as it was seen. */
export interface Plan {
  /** Over the changeset, what it comes to, and everything that was read for it; 64 hex digits. Keyed: secrets cannot be guessed from it. */
  readonly hash: string;
  /** Of the newest commit that it knows of. */
  readonly cursor: string;
  /** By wave; those where nothing happens come last. */
  readonly steps: readonly PlanStep[];
  readonly counts: PlanCounts;
  /** Why committing it would be refused. Empty: it would not. */
  readonly refusals: readonly PlanRefusal[];
  readonly affectedApps: readonly AffectedApp[];
  /** What becomes of the workloads, to ask their clusters about. */
  readonly workloads: readonly PlannedWorkload[];
}

export type PlanAction = 'create' | 'update' | 'replace' | 'delete' | 'none';

export interface PlanStep {
  /** From 1: all of a wave may happen at the same time, each after what it waits for in the waves before. null: nothing happens. */
  readonly wave: number | null;
  readonly action: PlanAction;
  readonly kind: string;
  readonly name: string;
  readonly project: string | null;
  readonly environment: string | null;
  /** `Kind name` of what it lives and dies with. */
  readonly owner: string | null;
  /** null: it is new. */
  readonly resourceId: string | null;
  /** A sentence, where the action alone does not say it. */
  readonly why: string | null;
  readonly fields: readonly PlannedField[];
  /** Stated as before, changed by others since: they stay as those set them. */
  readonly kept: readonly KeptField[];
  /** `Kind name (id)` of what stands in the way. */
  readonly blockedBy: readonly string[];
}

export interface PlannedField {
  /** Dotted, from the root of the resource: `spec.runtime`, `labels.team`. */
  readonly path: string;
  /** undefined: it is not there. A secret is `(hidden)`. */
  readonly before: unknown;
  /** undefined: it is not to be there. A secret is `(hidden)`, one that gets another value `(changed)`; an id to come, `(known after apply)`. */
  readonly after: unknown;
}

export type PlanCounts = Readonly<Record<PlanAction, number>>;

export interface PlanRefusal {
  readonly code: ErrorCode;
  readonly message: string;
  /** Of the field, from the input's root; empty when it is about no field. */
  readonly path: readonly (string | number)[];
  /** `Kind name` of what it is about; null: of nothing alone. */
  readonly resource: string | null;
  /** `Kind name (id)` of what stands in the way. */
  readonly blockers: readonly string[];
  /** Fields that others set, and that are stated differently. */
  readonly conflicts: readonly KeptField[];
  /** The rule that it breaks; null: it is no rule of anybody's. */
  readonly verdict: Verdict | null;
}

/** A limit that somebody set, and that what is stated passes. */
export interface Verdict {
  readonly rule: string;
  /** Who set it. */
  readonly owner: string;
  readonly allowed: Json;
}

/** An app instance that changes, or something that it owns does. */
export interface AffectedApp {
  readonly resourceId: string | null;
  readonly name: string;
  readonly project: string | null;
  readonly environment: string | null;
  /** How many of the steps are of it. */
  readonly steps: number;
}

export interface PlannedWorkload {
  readonly action: PlanAction;
  readonly resourceId: string | null;
  readonly instance: string;
  readonly component: string;
  readonly leaseKey: string | null;
  /** As it will be, ids to come hidden; of one that goes, as it is. */
  readonly spec: SpecOf<typeof workloadKind>;
  /** The runtime is made by the same changeset. */
  readonly isRuntimeNew: boolean;
}
