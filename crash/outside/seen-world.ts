import type { Wishes } from '../wish.js';
import type { ClusterObject } from './cluster-object.js';
import type { CloudThing } from './outside-cluster.js';
import type { StoredFacts } from './stored-facts.js';

/** All that the invariants are judged by: what was wished and acknowledged, and what is there, seen from outside. */
export interface SeenWorld {
  readonly wishes: Wishes;
  /** Every changeset that somebody was told of, with the key that it was sent under. */
  readonly acknowledged: readonly { readonly key: string; readonly changesetId: string }[];
  readonly stored: StoredFacts;
  readonly objects: readonly ClusterObject[];
  readonly cloud: readonly CloudThing[];
}
