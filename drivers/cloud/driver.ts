import type { JsonObject } from '../../lib/canonical.js';

/**
 * The subset of a cloud that Portolan uses, in one account and one region: things of a type, each under a name of ours
 * that derives from the id of the resource it is for. Every method takes a signal, and throws an error of ./errors.ts.
 *
 * Reads may be late: what was made, changed or deleted is seen only after a while, up to `consistencyMs`. Writes look at
 * what is there now, so that a name is never given twice.
 */
export interface CloudDriver {
  /** How long a read may lag behind a write, in milliseconds. That something is not there means nothing before that. */
  readonly consistencyMs: number;
  /**
   * For how long after its intent a creation may still arrive and be done, answered or not, in milliseconds. Over a
   * network that is as long as one waits for an answer, and as long again, for it is sent later than it is meant.
   */
  readonly arrivalMs: number;

  /** Whose the credentials are. Needs no right but theirs. Reads only. Throws CredentialRefusedError. */
  identify(signal: AbortSignal): Promise<CloudIdentity>;

  /** Those of `actions` (`database:create`) that the credentials may not do, in their order. Reads only. */
  missingActions(actions: readonly CloudAction[], signal: AbortSignal): Promise<readonly CloudAction[]>;

  /** The resource as the cloud shows it, or null when it shows none: it was never made, is gone, or is not shown yet. Reads only. */
  describe(key: CloudKey, signal: AbortSignal): Promise<CloudResource | null>;

  /** All resources of the query that carry every one of `tags`, page by page inside. A failed page fails the list: never a partial one. Reads only. */
  list(query: CloudQuery, signal: AbortSignal): Promise<readonly CloudResource[]>;

  /**
   * Asks for a new resource and returns when that was accepted: it is `creating` then. The same token with the same
   * properties again is the same request, and succeeds. Throws AlreadyExistsError when the name is taken otherwise,
   * NotFoundError when what it is to be made in is not there, QuotaError, InvalidError.
   */
  create(key: CloudKey, wish: CloudWish, signal: AbortSignal): Promise<void>;

  /**
   * Asks for all properties and tags to be as given, and returns when that was accepted. What is left out goes back to
   * what it is without being set, secrets excepted, which stay as they are. Throws NotFoundError when it is not there,
   * BusyError while another change is under way, ImmutablePropertyError when it would have to be made anew.
   */
  update(key: CloudKey, wish: Omit<CloudWish, 'token'>, signal: AbortSignal): Promise<void>;

  /**
   * Asks for deletion and returns when that was accepted; absence is for `describe` to see. With an `id`, only the one of
   * that id is deleted, and never one that took its place. `absent`: there was nothing, or it was another one. Throws BusyError while a change is under way, InUseError while others are in it, ProtectedError.
   */
  delete(key: CloudKey, id: string | null, signal: AbortSignal): Promise<'accepted' | 'absent'>;

  /** Deletes all that a bucket holds, so that it can be deleted. Returns when it is empty. Throws NotFoundError without the bucket. */
  empty(key: CloudKey, signal: AbortSignal): Promise<void>;

  /** Ends what is open. */
  close(): Promise<void>;
}

export const cloudTypes = [
  'network',
  'cluster',
  'nodeGroup',
  'database',
  'snapshot',
  'bucket',
  'zone',
  'record',
  'secret',
  'service',
  'stack',
] as const;
export type CloudType = (typeof cloudTypes)[number];

export const cloudVerbs = ['describe', 'list', 'create', 'update', 'delete', 'empty'] as const;
export type CloudVerb = (typeof cloudVerbs)[number];

/** What a right is about: `database:create`. */
export type CloudAction = `${CloudType}:${CloudVerb}`;

export interface CloudKey {
  readonly type: CloudType;
  /** Ours: at most 63 of a-z, 0-9 and -, not at the ends. */
  readonly name: string;
}

export interface CloudIdentity {
  /** Of the account, 12 digits. */
  readonly accountId: string;
  /** Who asks in it, as the cloud names them. */
  readonly principal: string;
}

export interface CloudQuery {
  /** All types when left out. */
  readonly type?: CloudType;
  /** Only those of these names, however many. Left out: all. A driver whose service cannot be asked so leaves out the others itself. */
  readonly names?: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** What a resource is to be. `properties` are those of ./properties.ts. */
export interface CloudWish {
  readonly properties: JsonObject;
  readonly tags: Readonly<Record<string, string>>;
  /** Of the intent under which it is made. */
  readonly token: string;
}

export interface CloudResource extends CloudKey {
  /** The cloud's own: another one when it was made anew under the same name. */
  readonly id: string;
  readonly state: CloudState;
  /** Why it is in that state; empty when there is nothing to say. */
  readonly message: string;
  /** As they are now, with what the cloud filled in and without secrets. */
  readonly properties: JsonObject;
  /** What the cloud gave it: an address, a port. Those that are not there yet are left out. */
  readonly attributes: JsonObject;
  /** Names of the attributes that nobody may read. */
  readonly sensitive: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * `impaired`: it is there and does not work, and an update, or what `message` says, can mend it.
 * `failed`: it could not be made. It is never going to be, and has to be deleted before it is made again.
 */
export type CloudState = 'creating' | 'available' | 'updating' | 'impaired' | 'deleting' | 'failed';
