import type { Json, JsonObject } from '../lib/canonical.js';
import type { SecretReference } from '../lib/kind.js';
import type { EventReport, ObjectView, ResourceView, StatusReport } from './resource.js';

/** What a controller may ask and say about resources of one kind. Errors are those of GraphClient.execute. */
export interface ResourceClient<Spec = JsonObject> {
  readonly kind: string;

  /** null: it does not exist (any more). */
  get(id: string, options?: ReadOptions): Promise<ResourceView<Spec> | null>;
  /** All that match, page by page inside. A failed page fails the list: never a partial one. */
  list(filter?: ListFilter, options?: ReadOptions): Promise<readonly ResourceView<Spec>[]>;
  /** All outside objects that it owns or is about to own, page by page inside. */
  objects(id: string, options?: ReadOptions): Promise<readonly ObjectView[]>;
  /** The first 50 of those that refer to it and of those that it owns. */
  dependents(id: string, options?: ReadOptions): Promise<readonly DependentView[]>;

  /** CONFLICT when the generation, the status version or the lease is not the current one. Equal: nothing is written. */
  reportStatus(resource: ResourceView<Spec>, report: StatusReport, call: FencedCall): Promise<ReportedStatus>;
  /** Upserts `objects` and forgets `absent`, which is only what was observed to be absent. In batches inside; idempotent. */
  reportObjects(id: string, report: ObjectsReport, call: FencedCall): Promise<{ readonly changed: number }>;
  recordEvents(id: string, source: string, events: readonly EventReport[], call: FencedCall): Promise<void>;
  /** `count` 0 clears. */
  recordAttempt(id: string, attempt: AttemptReport, call: FencedCall): Promise<void>;
  /** Committed before an outside call that has no token of its own. */
  beginIntent(id: string, intent: { action: string; token: string }, call: FencedCall): Promise<IntentView>;
  resolveIntent(id: string, intentId: string, outcome: JsonObject, call: FencedCall): Promise<IntentView>;
  /** Removes a resource that is being deleted. CONFLICT or BLOCKED while it has objects or dependents. */
  finalize(resource: ResourceView<Spec>, call: FencedCall): Promise<void>;
  /** Keeps a secret that a controller made. The answer may stand in a status; the value may not. */
  storeSecret(id: string, secret: { name: string; value: string }, call: FencedCall): Promise<SecretReference>;
  /** Plaintext of every SecretReference in the spec of `id`, whose lease `call` must hold. Never log, cache or report it. */
  releaseCredential(id: string, call: FencedCall): Promise<readonly ReleasedSecret[]>;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
}

/** The right in whose name something is said. A ReconcileContext is one. */
export interface FencedCall {
  readonly lease: { readonly holder: string; readonly epoch: number };
  readonly signal?: AbortSignal;
}

/** Left out: any. */
export interface ListFilter {
  readonly names?: readonly string[];
  /** A name. */
  readonly project?: string;
  /** A name. */
  readonly environment?: string;
  readonly ownerId?: string;
  readonly isDeleting?: boolean;
}

export interface DependentView {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
}

export interface ReportedStatus {
  readonly statusVersion: number;
  readonly isChanged: boolean;
}

export interface ObjectsReport {
  readonly runtimeId: string;
  readonly objects: readonly Omit<ObjectView, 'runtimeId'>[];
  readonly absent: readonly Pick<ObjectView, 'group' | 'kind' | 'namespace' | 'name'>[];
}

export interface AttemptReport {
  readonly count: number;
  readonly lastError: string;
  /** ISO 8601. null: not tried again until something changes. */
  readonly nextRetryAt: string | null;
}

export interface IntentView {
  readonly id: string;
  readonly action: string;
  readonly token: string;
  readonly begunAt: string;
  readonly resolvedAt: string | null;
  readonly outcome: Json;
}

export interface ReleasedSecret {
  readonly id: string;
  readonly version: number;
  readonly value: string;
}
