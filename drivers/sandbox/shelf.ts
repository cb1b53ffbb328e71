import type { KubernetesObject } from '../kubernetes/driver.js';

/** The objects of one type, by namespace. Sorted lists are kept until something in them changes. */
export interface Shelf {
  get(namespace: string | null, name: string): KubernetesObject | null;
  put(object: KubernetesObject): void;
  remove(object: KubernetesObject): void;
  /** By namespace and name. Those of all namespaces when `namespace` is null. */
  list(namespace: string | null): readonly KubernetesObject[];
}

interface Drawer {
  readonly objects: Map<string, KubernetesObject>;
  sorted: readonly KubernetesObject[] | null;
}

export function createShelf(): Shelf {
  const drawers = new Map<string, Drawer>();
  let all: readonly KubernetesObject[] | null = null;

  const sortedOf = (drawer: Drawer): readonly KubernetesObject[] => {
    drawer.sorted ??= [...drawer.objects.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    return drawer.sorted;
  };
  return {
    get: (namespace, name) => drawers.get(namespace ?? '')?.objects.get(name) ?? null,
    put(object) {
      const { namespace = '', name } = object.metadata;
      const drawer = getOrMake(drawers, namespace, () => ({ objects: new Map(), sorted: null }));
      drawer.objects.set(name, object);
      drawer.sorted = null;
      all = null;
    },
    remove({ metadata: { namespace = '', name } }) {
      const drawer = drawers.get(namespace);
      if (!drawer?.objects.delete(name)) return;
      drawer.sorted = null;
      if (drawer.objects.size === 0) drawers.delete(namespace);
      all = null;
    },
    list(namespace) {
      if (namespace !== null) {
        const drawer = drawers.get(namespace);
        return drawer ? sortedOf(drawer) : [];
      }
      // In the order of `namespace/name`, which pages go on by.
      all ??= [...drawers.entries()]
        .sort(([a], [b]) => (`${a}/` < `${b}/` ? -1 : 1))
        .flatMap(([, drawer]) => sortedOf(drawer));
      return all;
    },
  };
}

export function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
