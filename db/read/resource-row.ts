import type { JsonObject } from '../../lib/canonical.js';
import type { Health } from '../../lib/health.js';
import type { Managers, Outputs, StoredCondition } from '../../model/resource.js';

/** What can be asked of a resource beside its id and kind, which always come. */
export const resourceColumns = [
  'name',
  'projectId',
  'environmentId',
  'ownerId',
  'generation',
  'version',
  'specVersion',
  'labels',
  'spec',
  'managers',
  'leaseKey',
  'createdAt',
  'updatedAt',
  'deletionRequestedAt',
  'isDeletionForced',
  'isOnDemand',
  'observedGeneration',
  'statusVersion',
  'health',
  'conditions',
  'outputs',
  'observed',
] as const;
export type ResourceColumn = (typeof resourceColumns)[number];
export type ResourceColumns = ReadonlySet<ResourceColumn>;

/** A resource as far as it was asked for: `undefined` is "not asked". */
export interface ResourceRow {
  readonly id: string;
  readonly kind: string;
  readonly name?: string;
  readonly projectId?: string | null;
  readonly environmentId?: string | null;
  readonly ownerId?: string | null;
  readonly generation?: number;
  readonly version?: number;
  readonly specVersion?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** Of the kind's current spec version. */
  readonly spec?: JsonObject;
  readonly managers?: Managers;
  readonly leaseKey?: string | null;
  readonly createdAt?: string;
  readonly updatedAt?: string;
  readonly deletionRequestedAt?: string | null;
  readonly isDeletionForced?: boolean;
  readonly isOnDemand?: boolean;
  /** Of the status; 0 before the first report, and so on: a resource always has one. */
  readonly observedGeneration?: number;
  readonly statusVersion?: number;
  /** As it is shown: Healthy means settled. */
  readonly health?: Health;
  readonly conditions?: readonly StoredCondition[];
  readonly outputs?: Outputs;
  readonly observed?: JsonObject;
}
