import type { JsonObject } from '../../lib/canonical.js';

/** The subset of Kubernetes that Portolan uses. Every method takes a signal, and throws an error of ./errors.ts. */
export interface KubernetesDriver {
  /** Version of the API server, such as `v1.36.2`. Reads only. */
  version(signal: AbortSignal): Promise<string>;

  /** How the cluster serves a kind, or null when it does not (yet): a CRD may appear later. Reads only; caches what was found. */
  resolve(apiVersion: string, kind: string, signal: AbortSignal): Promise<ResourceType | null>;

  /** Every kind that can be listed, and the API versions whose servers did not say. Reads only; asked anew each time. */
  served(signal: AbortSignal): Promise<ServedTypes>;

  /** Forgets what discovery found of a group, because it may be otherwise by now. Asks nothing. */
  forgetTypes(group: string): void;

  /**
   * Server-side apply with field manager `portolan`. Writes, and returns the object as stored once the API server accepted it.
   * Without `force` a field of another manager throws FieldConflictError, which names fields and managers.
   * Throws NotFoundError when the namespace or the kind is not there.
   */
  apply(object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject>;

  /**
   * Changes fields of an object that is there by a JSON merge patch (RFC 7396), for what an apply cannot do: to take
   * away what others set. Writes. `metadata.uid` and `metadata.resourceVersion` in `patch` are preconditions, which throw
   * PreconditionError. Throws NotFoundError when it is not there.
   */
  merge(key: ObjectKey, patch: JsonObject, signal: AbortSignal): Promise<KubernetesObject>;

  /** The object as it is, or null when it is not there. Reads only. */
  get(key: ObjectKey, signal: AbortSignal): Promise<KubernetesObject | null>;

  /**
   * The objects of a type that the selector selects, page by page, for whoever need not hold all of them at once. All pages
   * are of one moment, and a page is asked for when the one before it was taken. When the server has forgotten that moment
   * meanwhile, one page that `isFirst` once more has all of them as they are by now. Throws GoneError when that fails too. Reads only.
   */
  pages(type: ResourceType, options: PagesOptions): AsyncIterable<ObjectPage>;

  /** All of its pages as one. A failed page fails the list: never a partial one. Reads only. */
  list(type: ResourceType, options: ListOptions): Promise<ObjectList>;

  /** The same, with nothing in the objects but apiVersion, kind and metadata. For what is only looked at for changes. */
  listMetadata(type: ResourceType, options: ListOptions): Promise<ObjectList>;

  /**
   * Asks for deletion and returns when that was accepted; absence is for `get` to see.
   * Preconditions that do not hold throw PreconditionError. `absent`: it was not there.
   */
  delete(key: ObjectKey, options: DeleteOptions): Promise<'accepted' | 'absent'>;

  /**
   * Changes after `resourceVersion`, until `signal` aborts (ends) or the connection ends (ends too: list or watch again).
   * Throws GoneError when that version is too old: list again. Reads only.
   */
  watch(type: ResourceType, options: WatchOptions): AsyncIterable<WatchEvent>;

  /**
   * What a container wrote: one item a line, without its newline. Ends when the log ends or `signal` aborts.
   * Lines are read on only as they are taken. Throws NotFoundError when there is no such pod, InvalidObjectError when the
   * container has not started, is not named although there are several, or has no previous run. Reads only.
   */
  logs(options: LogsOptions): AsyncIterable<string>;

  /** Those of `rights` that the credential does not have, in their order. Reads only: the server answers for the caller itself. */
  missingRights(rights: readonly ClusterRight[], signal: AbortSignal): Promise<readonly ClusterRight[]>;

  /**
   * A new token of a service account. The server may give it a shorter or longer life than was asked for.
   * Throws NotFoundError without that service account, DeniedError without the right to make its tokens. Writes nothing that is kept.
   */
  requestToken(options: TokenOptions): Promise<ServiceAccountToken>;

  /** Ends what is open. */
  close(): Promise<void>;
}

/** A Kubernetes object, unknown fields kept. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  readonly [field: string]: unknown;
}

export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly [field: string]: unknown;
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** Names one object. `namespace` is null for kinds without one. */
export interface ObjectKey {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
}

/** What discovery says of a kind. */
export interface ResourceType {
  readonly apiVersion: string;
  readonly kind: string;
  /** As in its URL: `deployments`. */
  readonly plural: string;
  readonly isNamespaced: boolean;
}

export interface ServedTypes {
  readonly types: readonly ResourceType[];
  readonly unavailable: readonly string[];
}

export interface ApplyOptions {
  /** Takes fields from other managers. */
  readonly force: boolean;
  /** The server answers as if, and stores nothing. */
  readonly dryRun?: boolean;
  readonly signal: AbortSignal;
}

export interface ListOptions {
  /** A label selector as text; '' selects all (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors). */
  readonly selector: string;
  /** All namespaces when left out. */
  readonly namespace?: string;
  readonly signal: AbortSignal;
}

export interface PagesOptions extends ListOptions {
  /** Nothing in the objects but apiVersion, kind and metadata. */
  readonly metadataOnly?: boolean;
}

export interface ObjectList {
  readonly objects: readonly KubernetesObject[];
  /** Where a watch goes on from. */
  readonly resourceVersion: string;
}

/** A part of a list. Its version is that of the whole list. */
export interface ObjectPage extends ObjectList {
  /** The list begins with this page: what pages before it said is void. */
  readonly isFirst: boolean;
}

export interface DeleteOptions {
  /** It goes after what it owns, such as its pods; left out, before. */
  readonly isLast?: boolean;
  /** Only this very object. */
  readonly uid: string;
  /** Only as it was seen. */
  readonly resourceVersion?: string;
  readonly signal: AbortSignal;
}

export interface WatchOptions {
  /** As in ListOptions. */
  readonly selector: string;
  readonly resourceVersion: string;
  /** Nothing in the objects but apiVersion, kind and metadata. */
  readonly metadataOnly?: boolean;
  readonly signal: AbortSignal;
}

export interface LogsOptions {
  readonly namespace: string;
  readonly pod: string;
  /** Null: the only one of the pod. */
  readonly container: string | null;
  /** Whether to wait for more until the container ends. */
  readonly follow: boolean;
  /** The run before the container was started last. */
  readonly previous: boolean;
  /** Only the last so many lines. Null: all. */
  readonly tailLines: number | null;
  /** Only what is younger. Null: all. */
  readonly sinceSeconds: number | null;
  /** Each line begins with its time (RFC 3339) and a blank. */
  readonly timestamps: boolean;
  readonly signal: AbortSignal;
}

/** One thing that a credential may be allowed to do. `*` is any. */
export interface ClusterRight {
  /** `get`, `list`, `watch`, `create`, `patch`, `delete` and so on. */
  readonly verb: string;
  /** '' is the core group. */
  readonly group: string;
  /** The plural: `deployments`. */
  readonly resource: string;
  readonly subresource?: string;
  /** In all namespaces when left out. */
  readonly namespace?: string;
}

export interface TokenOptions {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** At least 600, by the API server's rule. */
  readonly expiresInSeconds: number;
  readonly signal: AbortSignal;
}

export interface ServiceAccountToken {
  readonly token: string;
  /** When it ends, as an ISO time. */
  readonly expiresAt: string;
}

export type WatchEvent =
  | { readonly type: 'added' | 'modified' | 'deleted'; readonly object: KubernetesObject }
  | { readonly type: 'bookmark'; readonly resourceVersion: string };

/** How to reach a cluster, as the registered runtime has it. PEM texts. */
export interface ClusterAccess {
  readonly server: string;
  readonly certificateAuthority?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  readonly token?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
}
