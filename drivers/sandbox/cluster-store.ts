import type { KubernetesObject } from '../kubernetes/driver.js';
import { createHistory, type History } from './history.js';
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
  const byType = new Map<string, Map<string, KubernetesObject>>();
  const sorted = new Map<string, readonly KubernetesObject[]>();
  const uids = new Map<string, KubernetesObject>();
  const owned = new Map<string, Map<string, KubernetesObject>>();
  const listeners: ((change: StoreChange) => void)[] = [];
  const history = createHistory();
  let version = 1;
  let types: readonly SandboxType[] | null = null;

  const replace = (typeId: string, before: KubernetesObject | null, after: KubernetesObject | null) => {
    const objects = byType.get(typeId) ?? new Map<string, KubernetesObject>();
    byType.set(typeId, objects);
    if (before) unlink(before, uids, owned);
    if (after) {
      objects.set(keyOf(after), after);
      link(after, uids, owned);
    } else if (before) objects.delete(keyOf(before));
    sorted.delete(typeId);
    if (typeId === definitionTypeId) types = null;
  };
  const commit = (before: KubernetesObject | null, after: KubernetesObject | null, object: KubernetesObject) => {
    const change: StoreChange = { version, typeId: typeIdOf(object), before, after, object };
    replace(change.typeId, before, after);
    history.add(change);
    for (const listener of listeners) listener(change);
  };
  const list = (typeId: string): readonly KubernetesObject[] => {
    const known = sorted.get(typeId);
    if (known) return known;
    const objects = [...(byType.get(typeId)?.entries() ?? [])]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);
    sorted.set(typeId, objects);
    return objects;
  };

  return {
    name,
    history,
    get version() {
      return version;
    },
    get: (typeId, namespace, objectName) => byType.get(typeId)?.get(`${namespace ?? ''}/${objectName}`) ?? null,
    byUid: (uid) => uids.get(uid) ?? null,
    dependents: (uid) => [...(owned.get(uid)?.values() ?? [])],
    list: (typeId, namespace) =>
      namespace === null ? list(typeId) : list(typeId).filter((object) => object.metadata.namespace === namespace),
    inNamespace: (namespace) =>
      [...byType.values()].flatMap((objects) =>
        [...objects.values()].filter((object) => object.metadata.namespace === namespace),
      ),
    *all() {
      for (const objects of byType.values()) yield* objects.values();
    },
    put(object) {
      version += 1;
      const stored = deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
      commit(byType.get(typeIdOf(stored))?.get(keyOf(stored)) ?? null, stored, stored);
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
      if (!named) return;
      const before = byType.get(typeIdOf(named))?.get(keyOf(named)) ?? null;
      replace(typeIdOf(named), before, object && deepFreeze(object));
    },
    types() {
      types ??= [...builtInTypes, ...list(definitionTypeId).flatMap(typesOfDefinition)];
      return types;
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

export const definitionTypeId = 'apiextensions.k8s.io/CustomResourceDefinition';

function keyOf(object: KubernetesObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

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
