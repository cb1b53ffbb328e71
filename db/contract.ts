import type { JsonObject } from '../lib/canonical.js';
import type { PortolanError } from '../lib/errors.js';
import type { FieldDifference } from '../lib/field-difference.js';
import type { Condition, Health } from '../lib/health.js';
import type { Changeset, Committed } from '../model/changeset.js';
import type { ToldOrigin } from '../model/origin/told-origin.js';
import type { Plan } from '../model/plan.js';

/** Who asks. */
export interface Actor {
  readonly principalId: string;
  readonly name: string;
  readonly role: Role;
  /** Of a developer: the ids of the projects in which edits are allowed. Other roles are not bound to any. */
  readonly projectIds?: readonly string[];
}

/** operator: edits everything. developer: edits what is not the platform's, in some projects. controller: reports what is. */
export type Role = 'operator' | 'developer' | 'controller';

/** The one writer. Every verb is one transaction, followed by a wake. Errors are those of lib/errors.ts. */
export interface Store {
  /** Edits of desired state, with `expand` run inside. Throws BadInputError, ConflictError, NotFoundError, BlockedError; then nothing is written. */
  commit(changeset: Changeset, actor: Actor): Promise<Committed>;

  /** What that would do now. Writes nothing. What would be refused is told in it where the rest can be told all the same; else it throws as commit does. */
  plan(changeset: Changeset, actor: Actor): Promise<Plan>;

  /** Where the fields at and below a path come from; '' for all. Of an app instance the path may lead into what it owns. Throws NotFoundError, LimitExceededError. */
  origin(input: { resourceId: string; path: string }, actor: Actor): Promise<OriginAnswer>;

  registerController(input: { holder: string; kinds: readonly string[]; version: string }, actor: Actor): Promise<void>;
  /**
   * Those of `keys` that are free or expired become the holder's, as far as its share goes among the registered controllers
   * of the same kinds (`model/share-leases.ts`); what it lacks it claims of those who have more.
   */
  acquireLeases(
    input: { holder: string; keys: readonly string[]; ttlMs: number },
    actor: Actor,
  ): Promise<AcquiredLeases>;
  /** All that the holder still has, in one statement. What is missing from the answer is lost. */
  renewLeases(input: { holder: string; ttlMs: number }, actor: Actor): Promise<readonly Lease[]>;
  /** `isLeaving`: it shares no leases any more, so others need not wait until it was silent for long. */
  releaseLeases(
    input: { holder: string; keys: readonly string[]; isLeaving?: boolean | null | undefined },
    actor: Actor,
  ): Promise<readonly Lease[]>;

  /** Refused (ConflictError) when the generation, the status version or the lease is not the current one. Equal: nothing is written. */
  reportStatus(input: StatusInput, actor: Actor): Promise<{ statusVersion: number; isChanged: boolean }>;
  reportObjects(input: ObjectsInput, actor: Actor): Promise<{ changed: number }>;
  recordEvents(input: EventsInput, actor: Actor): Promise<{ recorded: number }>;
  /** Many of these three in their order, in one transaction where nothing is refused. Each is taken or refused by itself. */
  report(reports: readonly Report[], actor: Actor): Promise<readonly ReportAnswer[]>;
  recordAttempt(input: AttemptInput, actor: Actor): Promise<void>;
  beginIntent(input: BeginIntentInput, actor: Actor): Promise<Intent>;
  resolveIntent(input: ResolveIntentInput, actor: Actor): Promise<Intent>;
  /** Removes the row of a resource that is being deleted. Refused while it has objects or dependents. */
  finalize(input: { resourceId: string; fence: Fence; generation: number }, actor: Actor): Promise<void>;
  /** The next version of the secret called `name`; of one in the spec, its path: `cluster/token`. The same value again is the same version. */
  storeSecret(
    input: { resourceId: string; fence: Fence; name: string; value: string },
    actor: Actor,
  ): Promise<{ id: string; version: number }>;
  /**
   * Plaintext of every SecretReference in the spec: the newest version of what is its own, for storeSecret may have
   * renewed it, and the version that is named of what belongs to others. Also of what was stored for its outputs
   * (`outputs/NAME`), of its definition, and of the outputs of what it refers to. `name` is null for what is not its own.
   * Needs the lease and a registered kind; recorded in any case.
   */
  releaseCredential(
    input: { resourceId: string; fence: Fence },
    actor: Actor,
  ): Promise<readonly { id: string; version: number; name: string | null; value: string }[]>;
}

export type Report =
  | { readonly type: 'status'; readonly input: StatusInput }
  | { readonly type: 'objects'; readonly input: ObjectsInput }
  | { readonly type: 'events'; readonly input: EventsInput }
  | { readonly type: 'beginIntent'; readonly input: BeginIntentInput }
  | { readonly type: 'resolveIntent'; readonly input: ResolveIntentInput };

export type ReportAnswer =
  | { readonly type: 'status'; readonly statusVersion: number; readonly isChanged: boolean }
  | { readonly type: 'objects'; readonly changed: number }
  | { readonly type: 'events'; readonly recorded: number }
  | { readonly type: 'beginIntent' | 'resolveIntent'; readonly intent: Intent }
  | { readonly type: 'refused'; readonly error: PortolanError };

export interface OriginAnswer {
  readonly fields: readonly ToldOrigin[];
  /** Ids of all resources that were looked at. */
  readonly read: readonly string[];
}

export interface Fence {
  readonly holder: string;
  readonly epoch: number;
}

export interface AcquiredLeases {
  /** All that the holder has now. */
  readonly leases: readonly Lease[];
  /** How many it claims of others: they give them back soon, so it is worth asking again soon. */
  readonly claimed: number;
}

export interface Lease {
  readonly key: string;
  readonly epoch: number;
  readonly expiresAt: string;
  /** What is left of it at the time of the answer, by the database's clock. */
  readonly ttlMs: number;
  /** Another controller is to have it: what runs under it is to end, and it is to be given back. */
  readonly isClaimed: boolean;
}

export interface StatusInput {
  readonly resourceId: string;
  readonly fence: Fence;
  readonly observedGeneration: number;
  readonly statusVersion: number;
  readonly health: Health;
  readonly conditions: readonly Condition[];
  readonly outputs: JsonObject;
  readonly observed: JsonObject;
  readonly consumed: readonly { resourceId: string; version: number }[];
}

export interface ObjectsInput {
  readonly resourceId: string;
  readonly fence: Fence;
  /** Of the status that the pass began with; left out: not compared. */
  readonly statusVersion?: number | null;
  readonly runtimeId: string;
  readonly objects: readonly ObjectRow[];
  readonly absent: readonly { group: string; kind: string; namespace: string; name: string }[];
}

export interface ObjectRow {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly state: 'intended' | 'present' | 'missing';
  readonly origin: 'created' | 'adopted';
  readonly uid: string | null;
  readonly appliedHash: string | null;
  readonly health: Health;
  readonly reason: string | null;
  readonly message: string;
  /** In what it differs from what is desired; null: in nothing that counts. */
  readonly drift: readonly FieldDifference[] | null;
}

export interface EventsInput {
  readonly resourceId: string;
  readonly fence: Fence;
  readonly source: string;
  readonly events: readonly EventInput[];
}

export interface EventInput {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly object: string;
  /** The object of the inventory under which it is told, when `object` is not that itself. */
  readonly ownerObject?: string | null;
  /** Told of by a cluster, which counts it itself: seen again it is not counted again. Of before the resource: passed over. */
  readonly outside?: {
    readonly id: string;
    readonly count: number;
    readonly firstAt: string;
    readonly lastAt: string;
  } | null;
}

export interface AttemptInput {
  readonly resourceId: string;
  readonly fence: Fence;
  readonly count: number;
  readonly lastError: string;
  readonly nextRetryAt: string | null;
}

export interface BeginIntentInput {
  readonly resourceId: string;
  readonly fence: Fence;
  readonly action: string;
  readonly token: string;
}

export interface ResolveIntentInput {
  readonly resourceId: string;
  readonly fence: Fence;
  readonly id: string;
  readonly outcome: JsonObject;
}

export interface Intent {
  readonly id: string;
  readonly action: string;
  readonly token: string;
  readonly begunAt: string;
  /** How long ago that was when it was read, in milliseconds, by the clock of the database. */
  readonly ageMs: number;
  readonly resolvedAt: string | null;
  readonly outcome: JsonObject | null;
}

/** One entry of the revision log. */
export interface Revision {
  readonly seq: bigint;
  readonly ordinal: number;
  readonly at: string;
  readonly changesetId: string | null;
  readonly resourceId: string;
  readonly kind: string;
  readonly projectId: string | null;
  readonly environmentId: string | null;
  readonly ownerId: string | null;
  readonly name: string;
  readonly leaseKey: string | null;
  readonly op: RevisionOp;
  readonly generation: number;
  readonly version: number;
  readonly statusVersion: number | null;
  readonly actor: string;
  readonly manager: string | null;
  readonly before: MatchView | null;
  readonly after: MatchView | null;
  readonly document: JsonObject | null;
}

export type RevisionOp = 'created' | 'updated' | 'deletionRequested' | 'removed' | 'status' | 'objects' | 'event';

/** What filters look at. */
export interface MatchView {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: Health;
  readonly isDeleting: boolean;
  /**
   * The fields of the spec that filters can ask for. Before: those that were others than after, or all of what is gone.
   * Entries of older servers have none.
   */
  readonly spec?: JsonObject;
}

/** All revisions of one transaction, in order. */
export interface Commit {
  readonly cursor: string;
  readonly revisions: readonly Revision[];
}

/** Tails the revision log once for the whole process and shares it. */
export interface Feed {
  /** Cursor of the newest commit that was delivered. */
  head(): Promise<string>;
  /**
   * Wakes, coalesced: first SYNC, then CHANGED, no older than the last change. Never ends by itself; return() detaches at once.
   * A reader that is slow by more than the bound gets SYNC again. Revisions of op `event` and `objects` wake nobody:
   * a controller writes them in a failing pass, and would wake itself for ever.
   */
  watch(options: WatchOptions): AsyncIterableIterator<Wake>;
  /** The complete log after a cursor: gapless, in order per object, at most once. Throws CursorExpiredError. Pulls: a slow reader costs nothing. */
  changes(after: string): AsyncIterableIterator<Commit>;
  /** Every commit, as it is delivered. For live reads. Returns a function that detaches. */
  onCommit(listener: (commit: Commit) => void): () => void;
  /** Checks a cursor without opening anything. Throws CursorExpiredError. */
  check(cursor: string): Promise<void>;
  /** There may be something new. Cheap, coalesced. */
  wake(): void;
  /** Numbers for metrics. */
  stats(): { readonly watchers: number; readonly readers: number; readonly listeners: number; readonly seq: bigint };
  close(): Promise<void>;
}

export interface WatchOptions {
  readonly kinds: readonly string[];
  readonly projectId?: string;
  readonly environmentId?: string;
  readonly ownerId?: string;
}

export type Wake =
  | { readonly type: 'SYNC' }
  | {
      readonly type: 'CHANGED';
      readonly kind: string;
      readonly id: string;
      readonly projectId: string | null;
      readonly ownerId: string | null;
      readonly leaseKey: string | null;
      readonly isRemoved: boolean;
      /** Nothing but its status changed since it was last told of, and this is the version of it. null: something else did. */
      readonly statusVersion: number | null;
      /** Its health, where nothing but its status changed, and that is as well as it was. null: it may be another one. */
      readonly sameHealth: Health | null;
    };
