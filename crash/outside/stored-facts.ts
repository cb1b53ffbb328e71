import type { JsonObject } from '../../lib/canonical.js';

/** How far it is, as plain SQL reads it at one moment. */
export interface Progress {
  readonly resources: readonly StoredResource[];
  readonly inventory: readonly InventoryRow[];
  readonly openIntents: readonly { readonly resourceId: string; readonly action: string }[];
  readonly failing: readonly { readonly resourceId: string; readonly count: number; readonly lastError: string }[];
}

export interface StoredFacts extends Progress {
  /** Ids of those that were committed, and of those that the log tells of. */
  readonly changesets: readonly string[];
  readonly loggedChangesets: readonly string[];
}

export interface StoredResource {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly ownerId: string | null;
  readonly generation: number;
  readonly version: number;
  readonly isDeleting: boolean;
  /** Of apps and their instances. */
  readonly spec: JsonObject | null;
  readonly observedGeneration: number | null;
  readonly health: string | null;
  readonly isStale: boolean | null;
  readonly says: string | null;
}

export interface InventoryRow {
  readonly resourceId: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly state: string;
  readonly uid: string | null;
}
