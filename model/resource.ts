import type { Json, JsonObject } from '../lib/canonical.js';
import type { Condition, Health } from '../lib/health.js';

/** Where plane-scoped names live. */
export const planeScopeId = '00000000-0000-0000-0000-000000000000';

/** The common envelope: one thing of a kind, as it is desired. Times are ISO 8601 in UTC. */
export interface Resource {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** null for kinds of plane scope. */
  readonly projectId: string | null;
  /** The environment that it is deployed to, also for what an app instance owns; null elsewhere. */
  readonly environmentId: string | null;
  /** Lives and dies with it. */
  readonly ownerId: string | null;
  /** The owner if there is one, else the environment, else the project, else `planeScopeId`. */
  readonly scopeId: string;
  /** Bumped only by a change of spec or by a deletion request. */
  readonly generation: number;
  /** Counts changes of spec, labels and deletion; what `expectedVersion` is compared with. */
  readonly version: number;
  readonly specVersion: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Secret values are replaced by SecretReferences. */
  readonly spec: JsonObject;
  readonly managers: Managers;
  /** Which lease allows to act on it: `KubernetesRuntime/<id>`, `shard/17`; null where nothing reconciles it. */
  readonly leaseKey: string | null;
  readonly deletionRequestedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Who set each field: path in the spec to the name of the manager. An entry of a list, or of something in one, is about all below it. */
export type Managers = Readonly<Record<string, string>>;

/** What managers state of fields that another one has, by path and manager. An entry of `same` may be about all below it. */
export type Yielded = Readonly<Record<string, Readonly<Record<string, YieldedValue>>>>;

/** `same`: it states what the field is. `value`: what it stated when it lost the field; of a secret a keyed hash. */
export type YieldedValue = { readonly same: true } | { readonly value: Json };

/** What a controller said last, as stored. */
export interface ResourceStatus {
  readonly observedGeneration: number;
  /** Counts changes; a report must name the one that it was computed from. */
  readonly version: number;
  readonly health: Health;
  readonly conditions: readonly StoredCondition[];
  readonly outputs: Outputs;
  /** Versions of the outputs that it was computed from, by the id of the resource that gave them. */
  readonly consumed: Readonly<Record<string, number>>;
  /** A resource that it consumed from has newer outputs. */
  readonly isStale: boolean;
  readonly observed: JsonObject;
}

export interface StoredCondition extends Condition {
  /** When `status` last changed. Stamped by the store. */
  readonly since: string;
}

export type Outputs = Readonly<Record<string, Output>>;

export interface Output {
  readonly value: Json;
  readonly version: number;
  /** It is given no more; the value is the last one, which those who use it keep. */
  readonly isVanished?: true;
}

/** A resource with its status; null before the first report. */
export interface ResourceWithStatus {
  readonly resource: Resource;
  readonly status: ResourceStatus | null;
}
