import type { Json } from '../../../lib/canonical.js';
import { type FieldPath, keyValue, type PathStep } from './field-path.js';
import { itemKeysAt, type ManagedEntry } from './managed-fields.js';

/** One item of a list, as it is to be and as it is. undefined: it is not there. */
export interface ItemPair {
  readonly step: PathStep;
  readonly desired: Json | undefined;
  readonly live: Json | undefined;
}

export interface PairedItems {
  readonly pairs: readonly ItemPair[];
  /** Whether items are told apart by keys or values, so that each may have an owner of its own. */
  readonly isKeyed: boolean;
}

/** Items of two lists that belong together. null: the list is one value, and its items cannot be told apart. */
export function pairItems(
  desired: readonly Json[],
  live: readonly Json[],
  path: FieldPath,
  entries: readonly ManagedEntry[],
): PairedItems | null {
  const keys = itemKeysAt(entries, path) ?? guessKeys(path, desired, live);
  if (keys !== null && keys.length === 0) return pairByPlace(desired, live);
  const idOf = (item: Json) => idOfItem(item, keys);
  const desiredIds = desired.map(idOf);
  const liveIds = live.map(idOf);
  if (!isTold(desiredIds) || !isTold(liveIds)) return pairByPlace(desired, live);
  const pairs = desired.map((item, at): ItemPair => {
    const index = liveIds.indexOf(desiredIds[at] ?? null);
    const found = index < 0 ? undefined : live[index];
    return { step: { item: found ?? item, index: index < 0 ? at : index, keys }, desired: item, live: found };
  });
  const surplus = live.flatMap((item, index): readonly ItemPair[] =>
    desiredIds.includes(liveIds[index] ?? null)
      ? []
      : [{ step: { item, index, keys }, desired: undefined, live: item }],
  );
  return { pairs: [...pairs, ...surplus], isKeyed: true };
}

function pairByPlace(desired: readonly Json[], live: readonly Json[]): PairedItems | null {
  if (desired.length !== live.length) return null;
  const pairs = desired.map(
    (item, index): ItemPair => ({ step: { item, index, keys: [] }, desired: item, live: live[index] }),
  );
  return { pairs, isKeyed: false };
}

const isTold = (ids: readonly (string | null)[]): boolean => !ids.includes(null) && new Set(ids).size === ids.length;

function idOfItem(item: Json, keys: readonly string[] | null): string | null {
  if (keys === null) return JSON.stringify(item);
  const values = keys.map((key) => keyValue(item, key));
  return values.includes(undefined) ? null : JSON.stringify(values);
}

/** Keys of well-known lists, for objects of which the cluster does not say who set what. */
const knownKeys: Readonly<Record<string, readonly (readonly string[])[]>> = {
  containers: [['name']],
  initContainers: [['name']],
  ephemeralContainers: [['name']],
  env: [['name']],
  volumes: [['name']],
  volumeMounts: [['mountPath']],
  volumeDevices: [['devicePath']],
  imagePullSecrets: [['name']],
  hostAliases: [['ip']],
  ports: [
    ['containerPort', 'protocol'],
    ['port', 'protocol'],
  ],
  topologySpreadConstraints: [['topologyKey', 'whenUnsatisfiable']],
  ownerReferences: [['uid']],
};

function guessKeys(path: FieldPath, desired: readonly Json[], live: readonly Json[]): readonly string[] {
  const last = path.at(-1);
  const known = last && 'field' in last ? (knownKeys[last.field] ?? []) : [];
  const fits = (keys: readonly string[]) => [...desired, ...live].every((item) => idOfItem(item, keys) !== null);
  return known.find(fits) ?? [];
}
