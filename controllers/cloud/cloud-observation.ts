import type { CloudKey } from '../../drivers/cloud/driver.js';
import type { Json, JsonObject } from '../../lib/canonical.js';
import type { CloudLook } from './cloud-kind.js';

/** What was seen of one resource in its cloud. */
export type CloudObservation<Spec> =
  /** It could not be looked for yet. */
  { readonly type: 'unknown'; readonly waitsFor: string } | LookedAt<Spec>;

export interface LookedAt<Spec> {
  readonly type: 'looked';
  readonly key: CloudKey;
  readonly look: CloudLook<Spec>;
  /** What it is to be, SecretReferences for what nobody may read; null where it is to be nothing. */
  readonly wish: JsonObject | null;
  /** It was asked for so recently that it may be there, or come, although it is not shown. */
  readonly isAwaited: boolean;
  /** Its open intents of creations of which nothing can come any more but what is seen. */
  readonly overIntents: readonly string[];
}

/** One thing to do in a cloud. */
export type CloudAction<Spec> =
  | (At<Spec> & { readonly type: 'create'; readonly token: string })
  | (At<Spec> & { readonly type: 'update'; readonly changes: readonly CloudChange[] })
  | (At<Spec> & { readonly type: 'delete'; readonly why: DeletionReason; readonly changes: readonly CloudChange[] })
  /** Sets what decides what its deletion will do. */
  | (At<Spec> & { readonly type: 'adjust'; readonly properties: JsonObject })
  | (At<Spec> & { readonly type: 'empty' })
  /** Nothing can be done before what is under way is over. */
  | { readonly type: 'await'; readonly message: string };

interface At<Spec> {
  readonly key: CloudKey;
  readonly look: CloudLook<Spec>;
}

export type DeletionReason = 'removed' | 'replaced' | 'failed';

export interface CloudChange {
  /** A property, or a tag. */
  readonly path: string;
  /** Both are left out of tags, which stand for what nobody may read. */
  readonly from?: Json;
  readonly to?: Json;
}
