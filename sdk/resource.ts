import type { Json, JsonObject } from '../lib/canonical.js';
import type { FieldDifference } from '../lib/field-difference.js';
import type { Condition, Health, Reason } from '../lib/health.js';

/** A resource as controllers and tools see it. `Spec` is SpecOf<typeof kind>. Times are ISO 8601 in UTC. */
export interface ResourceView<Spec = JsonObject> {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly projectId: string | null;
  readonly environmentId: string | null;
  readonly ownerId: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly generation: number;
  readonly version: number;
  readonly spec: Spec;
  readonly leaseKey: string | null;
  readonly deletionRequestedAt: string | null;
  /** It is to be forgotten without asking the outside. */
  readonly isDeletionForced: boolean;
  readonly status: StatusView;
  readonly references: readonly ReferenceView[];
  /** What is about to be created outside, or may have been; the oldest first. Empty for kinds that never ask for it. */
  readonly openIntents: readonly IntentView[];
  /** Once its deletion is requested: how many resources refer to it or are owned by it. Before that nobody counts them, and it may be 0. */
  readonly dependents: number;
  /** What it owns outside, where it was read together with it and was not too much; else it is to be asked for. */
  readonly objects?: readonly ObjectView[];
  /** What it owns in the graph, likewise. */
  readonly children?: readonly ChildView[];
}

export interface StatusView {
  readonly observedGeneration: number;
  /** To be named by the next report. */
  readonly version: number;
  /** As people see it: Healthy means settled. */
  readonly health: Health;
  readonly isSettled: boolean;
  readonly conditions: readonly (Condition & { readonly since: string })[];
  readonly outputs: OutputsView;
  readonly observed: JsonObject;
}

/** By name; a secret one is a SecretReference. The highest version tells whether a consumer has seen all of them. */
export type OutputsView = Readonly<Record<string, OutputView>>;

export interface OutputView {
  readonly value: Json;
  readonly version: number;
  /** It is given no more; the value is the last one. */
  readonly isVanished?: boolean;
}

export interface ReferenceView {
  /** Dotted path in the spec, `after.0` for items of arrays. */
  readonly path: string;
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly isSettled: boolean;
  readonly health: Health;
  readonly outputs: OutputsView;
}

/** "I am about to create this", committed before the call. */
export interface IntentView {
  readonly id: string;
  readonly action: string;
  readonly token: string;
  readonly begunAt: string;
  /** How long ago that was when it was read, in milliseconds, by the clock of the database: ours may be another. */
  readonly ageMs: number;
  readonly resolvedAt: string | null;
  readonly outcome: Json;
}

/** A resource that another one owns. */
export interface ChildView {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly status: StatusView;
  readonly references: readonly LinkView[];
}

/** What a child refers to, and how it is. */
export interface LinkView {
  readonly path: string;
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly health: Health;
  readonly reason: Reason | null;
  readonly message: string;
}

/** What a controller reports. No clock, no counter: a function of what was seen. */
export interface StatusReport {
  readonly health: Health;
  readonly conditions: readonly Condition[];
  readonly observed: JsonObject;
  readonly outputs: Readonly<Record<string, Json>>;
  /** Versions of outputs that were used, by the id of the resource that gave them. */
  readonly consumed?: Readonly<Record<string, number>>;
}

/** An outside object of a resource, as last observed or as intended. */
export interface ObjectView {
  readonly runtimeId: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
  readonly state: 'intended' | 'present' | 'missing';
  /** adopted: it was there before us and is never deleted. */
  readonly origin: 'created' | 'adopted';
  readonly uid: string | null;
  readonly appliedHash: string | null;
  readonly health: Health;
  readonly reason: string | null;
  readonly message: string;
  /** In what it differs from what is desired; null: in nothing that counts. */
  readonly drift: readonly FieldDifference[] | null;
}

export interface EventReport {
  readonly type: 'Normal' | 'Warning';
  /** PascalCase. */
  readonly reason: string;
  readonly message: string;
  /** `Kind/namespace/name` of the object that it is about; empty for the resource itself. */
  readonly object: string;
  /** The owned object under which it is told, where `object` is a pod or the like that belongs to it. */
  readonly ownerObject?: string;
  /** Told of by a cluster, under its own id and with its own count: seen again it is not counted again. */
  readonly outside?: OutsideEvent;
}

export interface OutsideEvent {
  readonly id: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}
