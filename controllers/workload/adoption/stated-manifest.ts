import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { isJsonObject, isSameJson, type Json, type JsonObject } from '../../../lib/canonical.js';
import { keyValue } from '../drift/field-path.js';
import { type ManagedEntry, managedEntries } from '../drift/managed-fields.js';
import { isClusterManager } from './cluster-managers.js';

/**
 * A live object as a person would have written it: the fields that people and their tools set, as the API server keeps it,
 * with their values of now. Left out is what controllers of the cluster set and what the API server filled in. Where an
 * object does not say who set what, all of it is taken but what only a server sets. `isStater`: whose fields are taken, in
 * the place of those of people. Pure.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function statedManifest(
  live: KubernetesObject,
  isStater: (entry: ManagedEntry) => boolean = isPerson,
): KubernetesObject {
  const { apiVersion, kind, metadata, status: _status, ...rest } = live;
  const { name, labels, annotations = {} } = metadata;
  const whole = { metadata: { labels, annotations }, ...rest } as unknown as JsonObject;
  const owners = ownersOf(live, isStater);
  const taken =
    owners.length === 0
      ? withoutServerFields(live, whole)
      : (extract(whole, owners, appliedOf(live)) as JsonObject | undefined);
  const { metadata: kept, ...fields } = taken ?? {};
  return {
    apiVersion,
    kind,
    metadata: { name, ...textsOf('labels', kept), ...withoutCopies(textsOf('annotations', kept)) },
    ...fields,
  };
}

/** One manager's view of the place where we are: which fields below it are its own. */
interface Owner {
  readonly fields: JsonObject;
  /** Set by `kubectl apply` on the client's side, which counts what the API server filled in as its own. */
  readonly isClientSide: boolean;
}

/** The object itself, and the scale that a person set; that of an autoscaler is its own. */
const ofPeople: readonly string[] = ['', 'scale'];

const isPerson = ({ manager, subresource }: ManagedEntry) =>
  ofPeople.includes(subresource) && !isClusterManager(manager);

function ownersOf(live: KubernetesObject, isStater: (entry: ManagedEntry) => boolean): readonly Owner[] {
  return managedEntries(live)
    .filter(isStater)
    .map((entry) => ({ fields: entry.fields, isClientSide: isClientSide(entry) }));
}

const isClientSide = ({ manager }: ManagedEntry) => manager === 'kubectl-client-side-apply';

/** What `kubectl apply` was given last; undefined when that is not known, or was of another version. */
function appliedOf({ apiVersion, metadata }: KubernetesObject): Json | undefined {
  try {
    const applied = JSON.parse(metadata.annotations?.[LAST_APPLIED] ?? '') as JsonObject;
    if (applied.apiVersion !== apiVersion) return undefined;
    // An API server keeps it as data.
    const { stringData, data, ...rest } = applied;
    if (!isJsonObject(stringData)) return applied;
    return { ...rest, data: { ...(isJsonObject(data) ? data : {}), ...stringData } };
  } catch {
    return undefined;
  }
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** What of `value` the owners set; undefined: nothing. `applied`: what kubectl was given here, where that is known. */
function extract(value: Json, owners: readonly Owner[], applied: Json | undefined): Json | undefined {
  const whole = owners.filter(({ fields }) => Object.keys(fields).length === 0);
  if (whole.length > 0) {
    const isGiven = applied !== undefined && whole.every(({ isClientSide }) => isClientSide);
    return isGiven ? shapedLike(value, applied) : value;
  }
  if (Array.isArray(value)) return extractItems(value, owners, applied);
  if (!isJsonObject(value)) return value;
  const found = Object.entries(value).flatMap(([field, below]): [string, Json][] => {
    const setBy = below === undefined ? [] : ownersBelow(owners, (name) => name === `f:${field}`);
    const given = isJsonObject(applied) ? applied[field] : undefined;
    if (setBy.length === 0 || isDefault(setBy, applied, given)) return [];
    const taken = extract(below as Json, setBy, given);
    return taken === undefined ? [] : [[field, taken]];
  });
  return Object.fromEntries(found);
}

/** The live value with the fields that kubectl was given, where it is owned as one. */
function shapedLike(value: Json, given: Json): Json {
  if (Array.isArray(value) && Array.isArray(given) && value.length === given.length) {
    return value.map((item, index) => shapedLike(item, given[index] ?? null));
  }
  if (!isJsonObject(value) || !isJsonObject(given)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, item]) => {
      const like = given[field];
      return like === undefined || item === undefined ? [] : [[field, shapedLike(item, like)]];
    }),
  );
}

function extractItems(items: readonly Json[], owners: readonly Owner[], applied: Json | undefined): Json | undefined {
  return items.flatMap((item): Json[] => {
    const keys = new Set<string>();
    const setBy = ownersBelow(owners, (name) => {
      if (name.startsWith('v:')) return isSameJson(JSON.parse(name.slice(2)), item);
      if (!name.startsWith('k:')) return false;
      const wanted = JSON.parse(name.slice(2)) as JsonObject;
      const isIt = Object.entries(wanted).every(([key, of]) => isSameJson(keyValue(item, key), of));
      if (isIt) for (const key of Object.keys(wanted)) keys.add(key);
      return isIt;
    });
    const isSame = (other: Json) =>
      keys.size === 0
        ? isSameJson(other, item)
        : [...keys].every((key) => isSameJson(keyValue(other, key), keyValue(item, key)));
    const given = Array.isArray(applied) ? applied.find(isSame) : undefined;
    if (setBy.length === 0 || isDefault(setBy, applied, given)) return [];
    const taken = extract(item, setBy, given);
    if (!isJsonObject(taken) || !isJsonObject(item)) return taken === undefined ? [] : [taken];
    const told = [...keys].filter((key) => !(key in taken) && item[key] !== undefined && !isDefaultKey(key, given));
    return [{ ...Object.fromEntries(told.map((key) => [key, item[key] ?? null])), ...taken }];
  });
}

function ownersBelow(owners: readonly Owner[], isThere: (name: string) => boolean): readonly Owner[] {
  return owners.flatMap(({ fields, isClientSide: is }) => {
    const name = Object.keys(fields).find(isThere);
    const below = name === undefined ? undefined : fields[name];
    return isJsonObject(below) ? [{ fields: below, isClientSide: is }] : [];
  });
}

/** What only `kubectl apply` is said to have set, and was not given. */
function isDefault(setBy: readonly Owner[], applied: Json | undefined, given: Json | undefined): boolean {
  return applied !== undefined && given === undefined && setBy.every((owner) => owner.isClientSide);
}

/** The API server tells ports apart by a protocol that nobody wrote. */
const isDefaultKey = (key: string, given: Json | undefined) =>
  key === 'protocol' && isJsonObject(given) && given.protocol === undefined;

/** Fields that a server sets, in objects that do not say who set what. */
const serverSet: Readonly<Record<string, readonly string[]>> = {
  Service: ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'healthCheckNodePort'],
  PersistentVolumeClaim: ['volumeName'],
  Pod: ['nodeName', 'serviceAccount'],
};

function withoutServerFields({ kind, spec }: KubernetesObject, whole: JsonObject): JsonObject {
  const fields = serverSet[kind];
  if (!fields || !isJsonObject(spec)) return whole;
  return { ...whole, spec: Object.fromEntries(Object.entries(spec).filter(([field]) => !fields.includes(field))) };
}

function textsOf(field: 'labels' | 'annotations', metadata: Json | undefined): Readonly<Record<string, JsonObject>> {
  const texts = isJsonObject(metadata) ? metadata[field] : undefined;
  return isJsonObject(texts) && Object.keys(texts).length > 0 ? { [field]: texts } : {};
}

function withoutCopies({ annotations }: Readonly<Record<string, JsonObject>>): Readonly<Record<string, JsonObject>> {
  if (!annotations) return {};
  const { [LAST_APPLIED]: _copy, ...left } = annotations;
  return Object.keys(left).length > 0 ? { annotations: left } : {};
}
