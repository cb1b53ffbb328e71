import type { CloudResource, CloudType } from '../../drivers/cloud/driver.js';
import type { Json, JsonObject } from '../../lib/canonical.js';
import type { SecretReference } from '../../lib/kind.js';
import type { ResourceView } from '../../sdk/resource.js';

/**
 * What a kind says of itself whose resources are each one resource of a cloud; `createCloudReconciler` makes the rest of
 * it. All functions are pure.
 */
export interface CloudKind<Spec> {
  readonly kind: string;
  readonly type: CloudType;

  /** The id of its CloudAccount. Null while that is not known: then it waits. */
  accountId(resource: ResourceView<Spec>): string | null;

  /** Where it is. It must never change while the resource lives. Null while that is not known: then it waits. */
  region(resource: ResourceView<Spec>): string | null;

  /**
   * All that it is to be, each property stated: what is not stated is not looked after. Values that nobody may read
   * stand there as SecretReferences, and make the whole property one that is sent and never compared.
   */
  propertiesOf(look: CloudLook<Spec>): JsonObject;

  /** What it gives to others. `look.seen` may be null. SecretReferences of `look.kept` stand for what nobody may read. */
  outputsOf(look: CloudLook<Spec>): Readonly<Record<string, Json | undefined>>;

  /** Properties that no read ever shows, whatever is in them. */
  readonly hidden?: readonly string[];

  /** Properties that a change of needs a new one for. */
  readonly immutable: readonly string[];

  /** Whether a new one may be made for that, with nothing of what the old one held. */
  mayReplace(spec: Spec): boolean;

  /** Outputs that the controller makes up once, at random, before it is created, and keeps. */
  readonly generated?: readonly string[];

  /** Outputs that nobody may read, in plain, as the cloud gave them. They are kept before anything tells of them. */
  secretOutputsOf?(look: CloudLook<Spec>): Readonly<Record<string, string>>;

  /** Paths of references whose specs it decides from too: `definition`. */
  readonly reads?: readonly string[];

  /** Properties that decide what its deletion does: they are set before it is asked for. */
  lastProperties?(spec: Spec): JsonObject;

  /** What becomes of what it holds when it is deleted: `refuse` while it holds anything, `empty` it, or `retain` it. */
  contentPolicy?(spec: Spec): 'refuse' | 'empty' | 'retain';
}

/** What is known in one pass. */
export interface CloudLook<Spec> {
  readonly resource: ResourceView<Spec>;
  /** Null: the cloud shows none. */
  readonly seen: CloudResource | null;
  /** Specs of the references that `reads` names, by path; those that are not made are missing. */
  readonly specs: Readonly<Record<string, JsonObject>>;
  /** Secrets that are kept for outputs, by the name of the output. */
  readonly kept: Readonly<Record<string, SecretReference>>;
}
