import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';

/**
 * The fields of an object as a tree of path elements, which is what `managedFields` holds (FieldsV1):
 * `f:name` a field, `k:{"name":"web"}` an item of a list with keys, `v:"x"` an item of a set, `.` the item itself.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export interface FieldTree {
  readonly [element: string]: FieldTree;
}

/** Path elements from the root to a leaf. */
export type FieldPath = readonly string[];

/** The fields that a manager can own: neither the object's name nor what the server writes. */
export function fieldsOf(object: JsonObject, isCustom: boolean): FieldTree {
  const tree: Record<string, FieldTree> = {};
  for (const [field, value] of Object.entries(object)) {
    if (field === 'apiVersion' || field === 'kind' || field === 'status') continue;
    if (field !== 'metadata') tree[`f:${field}`] = treeOf(value, field, isCustom);
  }
  const metadata = Object.entries(isJsonObject(object.metadata) ? object.metadata : {}).filter(([field]) =>
    ownedMetadata.has(field),
  );
  if (metadata.length > 0) tree['f:metadata'] = treeOf(Object.fromEntries(metadata), 'metadata', false);
  return tree;
}

const ownedMetadata = new Set(['labels', 'annotations', 'finalizers', 'ownerReferences']);

function treeOf(value: Json, field: string, isCustom: boolean): FieldTree {
  if (Array.isArray(value)) {
    const keys = itemKeys(field, value, isCustom);
    if (!keys) return {};
    return Object.fromEntries(value.map((item, index) => [keys[index] ?? '', itemTree(item, isCustom)]));
  }
  if (!isJsonObject(value) || isAtomicMap(field, isCustom)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [`f:${name}`, treeOf(item, name, isCustom)]));
}

function itemTree(item: Json, isCustom: boolean): FieldTree {
  return isJsonObject(item) ? { '.': {}, ...treeOf(item, '', isCustom) } : {};
}

/** Selectors and references are replaced as one (x-kubernetes-map-type: atomic). */
export function isAtomicMap(field: string, isCustom: boolean): boolean {
  return !isCustom && atomicMaps.has(field);
}

const atomicMaps: ReadonlySet<string> = new Set([
  'selector',
  'nodeSelector',
  'labelSelector',
  'podSelector',
  'namespaceSelector',
  'objectSelector',
  'fieldRef',
  'resourceFieldRef',
  'secretKeyRef',
  'configMapKeyRef',
  'roleRef',
]);

/** The path element of each item, or null when the list is replaced as one. */
export function itemKeys(field: string, items: readonly Json[], isCustom: boolean): readonly string[] | null {
  if (field === 'finalizers') return items.map((item) => `v:${JSON.stringify(item)}`);
  if (isCustom && field !== 'ownerReferences') return null;
  const names = field === 'ports' ? portKeys(items) : keyedLists[field];
  if (!names) return null;
  const keys = items.map((item) => itemKey(item, names));
  return keys.includes(null) || new Set(keys).size < keys.length ? null : (keys as readonly string[]);
}

/** Lists of built-in kinds whose items are told apart by these fields (x-kubernetes-list-map-keys). */
const keyedLists: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  imagePullSecrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  ownerReferences: ['uid'],
};

function portKeys(items: readonly Json[]): readonly string[] {
  const isContainer = items.some((item) => isJsonObject(item) && 'containerPort' in item);
  return isContainer ? ['containerPort', 'protocol'] : ['port', 'protocol'];
}

function itemKey(item: Json, names: readonly string[]): string | null {
  if (!isJsonObject(item)) return null;
  const values = names.map((name) => item[name] ?? (name === 'protocol' ? 'TCP' : undefined));
  if (values.includes(undefined)) return null;
  return `k:${JSON.stringify(Object.fromEntries(names.map((name, index) => [name, values[index]])))}`;
}

/** Every leaf by its path as one text, so that sets of fields can be compared. */
export function leavesOf(tree: FieldTree): ReadonlyMap<string, FieldPath> {
  const leaves = new Map<string, FieldPath>();
  const walk = (node: FieldTree, path: FieldPath) => {
    const elements = Object.entries(node);
    if (elements.length === 0 && path.length > 0) leaves.set(path.join('\n'), path);
    for (const [element, child] of elements) walk(child, [...path, element]);
  };
  walk(tree, []);
  return leaves;
}

/** The tree that has exactly these leaves. */
export function treeFrom(leaves: Iterable<FieldPath>): FieldTree {
  const root: Record<string, FieldTree> = {};
  for (const path of leaves) {
    let node: Record<string, FieldTree> = root;
    for (const element of path) {
      const child = (node[element] ?? {}) as Record<string, FieldTree>;
      node[element] = child;
      node = child;
    }
  }
  return root;
}

/** The value at a path; undefined when there is none. For a list item, the item. */
export function valueAt(value: Json | undefined, path: FieldPath, isCustom: boolean, field = ''): Json | undefined {
  const [element, ...rest] = path;
  if (element === undefined || element === '.') return value;
  if (element.startsWith('f:')) {
    const name = element.slice(2);
    return isJsonObject(value) ? valueAt(value[name], rest, isCustom, name) : undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const index = itemKeys(field, value, isCustom)?.indexOf(element) ?? -1;
  return index < 0 ? undefined : valueAt(value[index], rest, isCustom);
}

/** A path as a conflict names it: `.spec.template.spec.containers[name="web"].image`. */
export function pathText(path: FieldPath): string {
  return path
    .map((element) => {
      if (element.startsWith('f:')) return `.${element.slice(2)}`;
      if (element.startsWith('v:')) return `[=${element.slice(2)}]`;
      if (!element.startsWith('k:')) return '';
      const keys = Object.entries(JSON.parse(element.slice(2)) as JsonObject);
      return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}
