import type { Health } from '../../lib/health.js';

/** What `why` decides from: the resource that is asked about, and what is not as it should be below it. */
export interface WhyGraph {
  readonly rootId: string;
  /** Those that are not calm, with all that they refer to, the root first. */
  readonly resources: readonly WhyResource[];
  readonly references: readonly { readonly fromId: string; readonly path: string; readonly toId: string }[];
  /** Not Healthy. */
  readonly objects: readonly WhyObject[];
  /** Warnings, the newest first. */
  readonly events: readonly WhyEvent[];
  /** Outside calls that were begun and whose end is not known. */
  readonly operations: readonly { readonly resourceId: string; readonly action: string; readonly begunAt: string }[];
  /** Until a lease runs out or a pass is tried again, which no commit tells. null: neither is to come. */
  readonly validForMs: number | null;
  /** A bound was reached, so there may be more. */
  readonly isCut: boolean;
}

export interface WhyResource {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** Names. */
  readonly project: string | null;
  readonly environment: string | null;
  readonly environmentId: string | null;
  readonly projectId: string | null;
  readonly ownerId: string | null;
  readonly generation: number;
  /** 0 before the first report. */
  readonly observedGeneration: number;
  /** As it is shown: Healthy means settled. */
  readonly health: Health;
  readonly deletionRequestedAt: string | null;
  /** Of what is desired. */
  readonly changedAt: string;
  readonly conditions: readonly WhyCondition[];
  /** Versions of the outputs that it was computed from, by the id of the resource that gave them. */
  readonly consumed: Readonly<Record<string, number>>;
  /** The newest version of an output of its own; 0: it gives none. */
  readonly newestOutput: number;
  /** Names of outputs that it gave and gives no more. */
  readonly vanished: readonly string[];
  readonly attempt: WhyAttempt | null;
  readonly controller: WhyController;
}

/** `reason` may be one that this program does not know: a module's controller reports it. */
export interface WhyCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly since: string;
}

/** Failed runs of its reconciler in a row. */
export interface WhyAttempt {
  readonly count: number;
  readonly lastError: string;
  readonly nextRetryAt: string | null;
}

/** none: nothing reconciles its kind. acting: a controller of its kind holds its lease. absent: no controller does, since then. */
export type WhyController =
  | { readonly type: 'none' | 'acting' }
  | {
      readonly type: 'absent';
      /** Whether any controller ever registered for the kind. */
      readonly isRegistered: boolean;
      /** When the lease ran out; null: there never was one. */
      readonly since: string | null;
    };

export interface WhyObject {
  readonly resourceId: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly health: Health;
  readonly reason: string | null;
  readonly message: string;
  readonly since: string;
}

export interface WhyEvent {
  readonly resourceId: string;
  /** `Kind/namespace/name` of the owned object under which it is told; empty when it is about the resource itself. */
  readonly object: string;
  readonly reason: string;
  readonly message: string;
  readonly lastAt: string;
}
