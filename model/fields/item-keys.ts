import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { isMarker } from './marker.js';

/** How the items of a list are told apart. */
export interface ItemKeys {
  /** One for each item, in order. */
  readonly keys: readonly string[];
  /** Where in each item the key comes from, the one that is always there first. */
  readonly identity: readonly (readonly string[])[];
}

/**
 * The keys of a list whose items are objects with a key of their own each, as Kubernetes' list maps have them; null for
 * any other list, which is one field. `list` is the name of the field that holds it.
 */
export function itemKeysOf(list: string, items: readonly Json[]): ItemKeys | null {
  if (items.length === 0) return null;
  const objects = items.filter((item): item is JsonObject => isJsonObject(item) && !isMarker(item));
  if (objects.length < items.length) return null;
  for (const { identity, keyOf } of [kubernetesObject, ...(named[list] ?? []), byText('name')]) {
    const keys = objects.map(keyOf);
    if (isEachOther(keys)) return { keys, identity };
  }
  return null;
}

interface Naming {
  readonly identity: ItemKeys['identity'];
  keyOf(item: JsonObject): string | null;
}

const byText = (field: string): Naming => ({
  identity: [[field]],
  keyOf: (item) => textOf(item[field]),
});

/** A number with its protocol, unless that is the default: `53/UDP`. */
const byPort = (field: string): Naming => ({
  identity: [[field], ['protocol']],
  keyOf(item) {
    const port = item[field];
    if (typeof port !== 'number') return null;
    return item.protocol === undefined || item.protocol === 'TCP' ? String(port) : `${port}/${String(item.protocol)}`;
  },
});

/** Groups of Kubernetes' own have no dot or end with k8s.io, and no two of them have a kind of the same name that is not the same. */
const kubernetesObject: Naming = {
  identity: [['metadata', 'name'], ['kind'], ['apiVersion'], ['metadata', 'namespace']],
  keyOf({ apiVersion, kind, metadata }) {
    if (!isJsonObject(metadata)) return null;
    const [version, type, name] = [textOf(apiVersion), textOf(kind), textOf(metadata.name)];
    if (version === null || type === null || name === null) return null;
    const group = version.includes('/') ? version.replace(/\/[^/]*$/, '') : '';
    const isOfKubernetes = !group.includes('.') || group.endsWith('.k8s.io');
    const typeText = isOfKubernetes ? type : `${type}.${group}`;
    return [typeText, textOf(metadata.namespace), name].filter((part) => part !== null).join('/');
  },
};

/** Lists whose items are not, or not always, told apart by a name. One naming a list: what is added must not change the keys of what is there. */
const named: Readonly<Record<string, readonly Naming[]>> = {
  ports: [byPort('containerPort'), byPort('port')],
  volumeMounts: [byText('mountPath')],
  volumeDevices: [byText('devicePath')],
  hostAliases: [byText('ip')],
  tiers: [byText('tier')],
  defaults: [byText('kind')],
  definitions: [byText('kind')],
  allowedDefinitions: [byText('kind')],
  allowed: [byText('path')],
  maxima: [byText('path')],
  minima: [byText('path')],
  bindings: [byText('name'), byText('from')],
};

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);

function isEachOther(keys: readonly (string | null)[]): keys is readonly string[] {
  return keys.every((key) => key !== null) && new Set(keys).size === keys.length;
}
