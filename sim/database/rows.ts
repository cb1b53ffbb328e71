import type { ObjectRow as ReportedObject, RevisionOp, Role } from '../../db/contract.js';
import type { Json, JsonObject } from '../../lib/canonical.js';
import type { Health } from '../../lib/health.js';
import type { Managers, Outputs, StoredCondition, Yielded } from '../../model/resource.js';

/**
 * Rows of the tables of db/migrations/, columns in camel case. Times are milliseconds; JSON is parsed and frozen, for all
 * who read a row get the same one.
 */
export interface PlaneRow {
  readonly singleton: boolean;
  readonly incarnation: string;
  readonly retainedAfter: bigint;
  readonly createdAt: number;
}

export interface ResourceRow {
  readonly id: string;
  readonly kind: string;
  readonly projectId: string | null;
  readonly environmentId: string | null;
  readonly ownerId: string | null;
  readonly scopeId: string;
  readonly name: string;
  readonly generation: number;
  readonly version: number;
  readonly specVersion: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
  readonly managers: Managers;
  readonly yielded: Yielded;
  readonly setIn: Readonly<Record<string, string>>;
  readonly leaseKey: string | null;
  readonly deletionRequestedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deletionForced: boolean;
  readonly onDemand: boolean;
  readonly onDemandKeep: boolean;
}

export interface ResourceStatusRow {
  readonly resourceId: string;
  readonly observedGeneration: number;
  readonly version: number;
  readonly health: Health;
  readonly conditions: readonly StoredCondition[];
  readonly outputs: Outputs;
  readonly consumed: Readonly<Record<string, number>>;
  readonly isStale: boolean;
  readonly observed: JsonObject;
  readonly updatedAt: number;
}

export interface ReferenceRow {
  readonly fromId: string;
  readonly path: string;
  readonly toId: string;
}

export interface ObjectRow {
  readonly resourceId: string;
  readonly runtimeId: string;
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly state: ReportedObject['state'];
  readonly origin: ReportedObject['origin'];
  readonly uid: string | null;
  readonly appliedHash: string | null;
  readonly health: Health;
  readonly reason: string | null;
  readonly message: string;
  readonly since: number;
  readonly updatedAt: number;
  readonly drift: ReportedObject['drift'];
}

export interface RevisionRow {
  readonly seq: bigint;
  readonly ordinal: number;
  readonly at: number;
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
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly document: JsonObject | null;
}

export interface EventRow {
  readonly id: bigint;
  readonly resourceId: string;
  readonly projectId: string | null;
  readonly environmentId: string | null;
  readonly object: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly source: string;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly outsideId: string | null;
  readonly outsideCount: number | null;
  readonly ownerObject: string | null;
}

export interface AttemptRow {
  readonly resourceId: string;
  readonly count: number;
  readonly lastError: string;
  readonly nextRetryAt: number | null;
  readonly updatedAt: number;
}

export interface IntentRow {
  readonly id: string;
  readonly resourceId: string;
  readonly action: string;
  readonly token: string;
  readonly leaseEpoch: bigint;
  readonly begunAt: number;
  readonly resolvedAt: number | null;
  readonly outcome: JsonObject | null;
}

export interface LeaseRow {
  readonly key: string;
  readonly epoch: bigint;
  readonly holder: string | null;
  readonly principalId: string | null;
  readonly expiresAt: number;
  readonly claimant: string | null;
  readonly claimedUntil: number | null;
}

export interface ControllerRow {
  readonly holder: string;
  readonly principalId: string;
  readonly kinds: readonly string[];
  readonly version: string;
  readonly registeredAt: number;
  readonly joinedAt: number | null;
  readonly seenUntil: number | null;
}

export interface SecretValueRow {
  readonly id: string;
  readonly version: number;
  readonly resourceId: string;
  readonly path: string;
  readonly keyId: string;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
  readonly hmac: Buffer;
  readonly createdAt: number;
}

export interface ReleaseRow {
  readonly id: string;
  readonly appId: string;
  readonly number: number;
  readonly spec: JsonObject;
  readonly digest: string;
  readonly actor: string;
  readonly createdAt: number;
}

export interface AppDeploymentRow {
  readonly id: string;
  readonly instanceId: string;
  readonly number: number;
  readonly appId: string;
  readonly release: number;
  readonly releaseDigest: string;
  readonly resolved: JsonObject;
  readonly actor: string;
  readonly createdAt: number;
}

export interface ChangesetRow {
  readonly id: string;
  readonly actor: string;
  readonly manager: string;
  readonly edits: number;
  readonly createdAt: number;
}

export interface PrincipalRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: number;
  readonly projectIds: readonly string[];
}

export interface ApiTokenRow {
  readonly id: string;
  readonly principalId: string;
  readonly hash: Buffer;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

export interface IdempotencyRow {
  readonly principalId: string;
  readonly key: string;
  readonly inputHmac: Buffer;
  readonly result: Json;
  readonly createdAt: number;
}

export interface AuditRow {
  readonly id: bigint;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly resourceId: string | null;
  readonly isAllowed: boolean;
  readonly detail: string;
}
