/** The subset of Kubernetes that Portolan uses. Every method takes a signal, and throws an error of ./errors.ts. */
export interface KubernetesDriver {
  /** Version of the API server, such as `v1.36.2`. Reads only. */
  version(signal: AbortSignal): Promise<string>;

  /** How the cluster serves a kind, or null when it does not (yet): a CRD may appear later. Reads only; caches what was found. */
  resolve(apiVersion: string, kind: string, signal: AbortSignal): Promise<ResourceType | null>;

  /**
   * Server-side apply with field manager `portolan`. Writes, and returns the object as stored once the API server accepted it.
   * Without `force` a field of another manager throws FieldConflictError, which names fields and managers.
   * Throws NotFoundError when the namespace or the kind is not there.
   */
  apply(object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject>;

  /** The object as it is, or null when it is not there. Reads only. */
  get(key: ObjectKey, signal: AbortSignal): Promise<KubernetesObject | null>;

  /** All objects of a type that carry the labels, page by page inside. A failed page fails the list: never a partial one. Reads only. */
  list(type: ResourceType, options: ListOptions): Promise<ObjectList>;

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

export interface ApplyOptions {
  /** Takes fields from other managers. */
  readonly force: boolean;
  /** The server answers as if, and stores nothing. */
  readonly dryRun?: boolean;
  readonly signal: AbortSignal;
}

export interface ListOptions {
  readonly labels: Readonly<Record<string, string>>;
  /** All namespaces when left out. */
  readonly namespace?: string;
  readonly signal: AbortSignal;
}

export interface ObjectList {
  readonly objects: readonly KubernetesObject[];
  /** Where a watch goes on from. */
  readonly resourceVersion: string;
}

export interface DeleteOptions {
  /** Only this very object. */
  readonly uid: string;
  /** Only as it was seen. */
  readonly resourceVersion?: string;
  readonly signal: AbortSignal;
}

export interface WatchOptions {
  readonly labels: Readonly<Record<string, string>>;
  readonly resourceVersion: string;
  readonly signal: AbortSignal;
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
