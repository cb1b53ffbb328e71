import type { KubernetesObject } from '../kubernetes/driver.js';
import { createHistory, type History } from './history.js';
import { createShelf, getOrMake, type Shelf } from './shelf.js';
import { builtInTypes, type SandboxType, typeIdOf, typesOfDefinition } from './type-table.js';

/** One change of one object. `after` is null when it is gone, `before` when it is new. */
export interface StoreChange {
  readonly version: number;
  readonly typeId: string;
  readonly before: KubernetesObject | null;
  readonly after: KubernetesObject | null;
  /** The object as it is, or as it was last; its resourceVersion is that of the change. */
  readonly object: KubernetesObject;
}

/** The objects of one cluster. Objects are frozen, so that readers may share them. Every change gets the next resourceVersion. */
export interface ClusterStore {
  readonly name: string;
  /** Of the last change. */
  readonly version: number;
  readonly history: History;
  get(typeId: string, namespace: string | null, name: string): KubernetesObject | null;
  byUid(uid: string): KubernetesObject | null;
  /** Those that name `uid` as an owner. */
  dependents(uid: string): readonly KubernetesObject[];
  /** Sorted by namespace and name. All namespaces when `namespace` is null. */
  list(typeId: string, namespace: string | null): readonly KubernetesObject[];
  inNamespace(namespace: string): readonly KubernetesObject[];
  all(): Iterable<KubernetesObject>;
  /** Stores the object and returns it as stored. */
  put(object: KubernetesObject): KubernetesObject;
  remove(object: KubernetesObject): void;
  /** Puts back what an earlier process had, without history. `null` objects were removed. */
  restore(version: number, object: KubernetesObject | null, removed: KubernetesObject | null): void;
  /** The kinds that are served now. */
  types(): readonly SandboxType[];
  onChange(listener: (change: StoreChange) => void): void;
}

export function createClusterStore(name: string): ClusterStore {
  const byType = new Map<string, Shelf>();
  const byNamespace = new Map<string, Map<string, KubernetesObject>>();
  const uids = new Map<string, KubernetesObject>();
  const owned = new Map<string, Map<string, KubernetesObject>>();
  const listeners: ((change: StoreChange) => void)[] = [];
  const history = createHistory();
  let version = 1;
  let types: readonly SandboxType[] | null = null;

  const replace = (typeId: string, before: KubernetesObject | null, after: KubernetesObject | null) => {
    const shelf = byType.get(typeId) ?? createShelf();
    byType.set(typeId, shelf);
    const { namespace } = (after ?? before)?.metadata ?? {};
    const key = `${typeId}/${(after ?? before)?.metadata.name}`;
    if (before) unlink(before, uids, owned);
    if (after) {
      shelf.put(after);
      link(after, uids, owned);
      if (namespace !== undefined) getOrMake(byNamespace, namespace, () => new Map()).set(key, after);
    } else if (before) {
      shelf.remove(before);
      const left = byNamespace.get(namespace ?? '');
      left?.delete(key);
      if (left?.size === 0) byNamespace.delete(namespace ?? '');
    }
    if (typeId === definitionTypeId) types = null;
  };
  const commit = (before: KubernetesObject | null, after: KubernetesObject | null, object: KubernetesObject) => {
    const change: StoreChange = { version, typeId: typeIdOf(object), before, after, object };
    replace(change.typeId, before, after);
    history.add(change);
    for (const listener of listeners) listener(change);
  };
  const get = (typeId: string, namespace: string | null, objectName: string) =>
    byType.get(typeId)?.get(namespace, objectName) ?? null;
  const find = (object: KubernetesObject) =>
    get(typeIdOf(object), object.metadata.namespace ?? null, object.metadata.name);
  const list = (typeId: string, namespace: string | null) => byType.get(typeId)?.list(namespace) ?? [];

  return {
    name,
    history,
    get version() {
      return version;
    },
    get,
    byUid: (uid) => uids.get(uid) ?? null,
    dependents: (uid) => [...(owned.get(uid)?.values() ?? [])],
    list,
    inNamespace: (namespace) => [...(byNamespace.get(namespace)?.values() ?? [])],
    *all() {
      for (const shelf of byType.values()) yield* shelf.list(null);
    },
    put(object) {
      version += 1;
      const stored = deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
      commit(find(stored), stored, stored);
      return stored;
    },
    remove(object) {
      version += 1;
      const gone = deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
      commit(object, null, gone);
    },
    restore(restored, object, removed) {
      version = Math.max(version, restored);
      history.forgetBefore(version);
      const named = object ?? removed;
      if (named) replace(typeIdOf(named), find(named), object && deepFreeze(object));
    },
    types() {
      types ??= [...builtInTypes, ...list(definitionTypeId, null).flatMap(typesOfDefinition)];
      return types;
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

export const definitionTypeId = 'apiextensions.k8s.io/CustomResourceDefinition';

function link(
  object: KubernetesObject,
  uids: Map<string, KubernetesObject>,
  owned: Map<string, Map<string, KubernetesObject>>,
) {
  const uid = object.metadata.uid ?? '';
  uids.set(uid, object);
  for (const owner of object.metadata.ownerReferences ?? []) {
    const dependents = owned.get(owner.uid) ?? new Map<string, KubernetesObject>();
    owned.set(owner.uid, dependents.set(uid, object));
  }
}

function unlink(
  object: KubernetesObject,
  uids: Map<string, KubernetesObject>,
  owned: Map<string, Map<string, KubernetesObject>>,
) {
  const uid = object.metadata.uid ?? '';
  uids.delete(uid);
  for (const owner of object.metadata.ownerReferences ?? []) {
    const dependents = owned.get(owner.uid);
    dependents?.delete(uid);
    if (dependents?.size === 0) owned.delete(owner.uid);
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
