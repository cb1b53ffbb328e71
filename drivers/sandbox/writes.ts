import { isSameJson, type JsonObject } from '../../lib/canonical.js';
import type { Clock } from '../../lib/clock.js';
import type { Random } from '../../lib/random.js';
import type { KubernetesObject } from '../kubernetes/driver.js';
import { list, record } from '../kubernetes/object-fields.js';
import type { Admission } from './admission/admission.js';
import { ApiError } from './api-error.js';
import type { ClusterStore } from './cluster-store.js';
import { withBirthmarks, withDefaults } from './defaults/defaults.js';
import { mergePatch } from './field-merge.js';
import {
  type ApplyRequest,
  applyOwned,
  type FieldConflict,
  type ManagedFields,
  type Owned,
  updateOwned,
} from './ownership.js';
import { pruned, typedProblem, withSchemaDefaults } from './schema/structural-schema.js';
import type { SandboxType } from './type-table.js';
import { validateObject } from './validate.js';
import { validateUpdate } from './validate-update.js';
import { checkSeen, forbidden, nameOf, notFound, type Target } from './write-target.js';

export interface WriteOptions {
  readonly manager: string;
  readonly dryRun: boolean;
  /** Which part may change. An object as a whole leaves out its status, if that has a path of its own; `any` does not. */
  readonly part?: 'status' | 'scale' | 'any';
}

export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** What an API server does with a write. Every method throws ApiError for what it refuses. */
export interface Writes {
  create(target: Target, object: JsonObject, options: WriteOptions): KubernetesObject;
  /** Server-side apply. `isNew`: it was not there. */
  apply(
    target: Target,
    applied: JsonObject,
    options: WriteOptions & { readonly force: boolean },
  ): { readonly object: KubernetesObject; readonly isNew: boolean };
  /** JSON merge patch. */
  patch(target: Target, patch: JsonObject, options: WriteOptions): KubernetesObject;
  replace(target: Target, object: JsonObject, options: WriteOptions): KubernetesObject;
  delete(target: Target, preconditions: Preconditions, dryRun: boolean): KubernetesObject;
}

export interface WritesOptions {
  readonly store: ClusterStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly admission: Admission;
}

export function createWrites({ store, clock, random, admission }: WritesOptions): Writes {
  const now = () => isoSeconds(clock.now());
  const requestOf = (target: Target, { manager, part }: WriteOptions): Omit<ApplyRequest, 'force'> => ({
    manager,
    isCustom: target.type.isCustom,
    time: now(),
    ...(part === 'status' || part === 'scale' ? { subresource: part } : {}),
  });

  const insert = (target: Target, owned: Owned, dryRun: boolean): KubernetesObject => {
    requireNamespace(store, target);
    const uid = random.uuid();
    const metadata = {
      ...record(owned.object.metadata),
      name: target.name,
      ...(target.namespace === null ? {} : { namespace: target.namespace }),
      uid,
      creationTimestamp: now(),
      ...(hasGeneration(target.type) ? { generation: 1 } : {}),
    };
    const born = withBirthmarks({ ...owned.object, metadata: metadata as JsonObject });
    const object = finish(target.type, born, owned.managedFields, uid);
    validateObject(target.type, object);
    admission.admit({ operation: 'CREATE', target, object, before: null });
    return dryRun ? object : store.put(object);
  };

  const update = (
    target: Target,
    live: KubernetesObject,
    owned: Owned,
    { dryRun, part }: WriteOptions,
  ): KubernetesObject => {
    const { uid = '', creationTimestamp, deletionTimestamp, generation } = live.metadata;
    const metadata = {
      ...record(owned.object.metadata),
      uid,
      creationTimestamp,
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      resourceVersion: live.metadata.resourceVersion,
    };
    const next = finish(target.type, { ...owned.object, metadata: metadata as JsonObject }, owned.managedFields, uid);
    validateObject(target.type, next);
    // What was stored by an older sandbox has fewer defaults; they are no change.
    const before = withDefaults(live as unknown as JsonObject, uid) as unknown as KubernetesObject;
    if (part !== 'status') validateUpdate(target.type, before, next);
    const isChanged = hasGeneration(target.type) && !isSameJson(desiredOf(live), desiredOf(next));
    const counted = generation === undefined ? {} : { generation: generation + (isChanged ? 1 : 0) };
    const object = { ...next, metadata: { ...next.metadata, ...counted } };
    if (part !== 'status') admission.admit({ operation: 'UPDATE', target, object, before: live });
    if (isSameJson(timeless(live), timeless(object))) return live;
    if (dryRun) return object;
    const stored = store.put(object);
    // An object that waited only for its finalizers goes with the last of them.
    if (stored.metadata.deletionTimestamp && !isHeld(target.type, stored)) store.remove(stored);
    return stored;
  };

  const read = (target: Target): KubernetesObject => {
    const live = store.get(target.type.id, target.namespace, target.name);
    if (!live) throw notFound(target);
    return live;
  };

  return {
    create(target, object, options) {
      if (store.get(target.type.id, target.namespace, target.name)) {
        throw new ApiError(409, 'AlreadyExists', `${nameOf(target)} already exists`);
      }
      const empty: Owned = {
        object: { apiVersion: target.type.apiVersion, kind: target.type.kind },
        managedFields: [],
      };
      const owned = updateOwned(empty, clean(object, target), requestOf(target, options));
      return insert(target, owned, options.dryRun);
    },
    apply(target, applied, options) {
      const live = store.get(target.type.id, target.namespace, target.name);
      checkTyped(target, applied);
      checkSeen(target, live, record(applied.metadata));
      const request = { ...requestOf(target, options), force: options.force };
      const result = applyOwned(live && ownedOf(live), normalize(clean(applied, target)), request);
      if (!('object' in result)) throw conflictError(result);
      const object = live ? update(target, live, result, options) : insert(target, result, options.dryRun);
      return { object, isNew: live === null };
    },
    patch(target, patch, options) {
      const live = read(target);
      checkSeen(target, live, record(patch.metadata));
      const before = ownedOf(live);
      const merged = partOf(target, before.object, mergePatch(before.object, patch) as JsonObject, options);
      const owned = updateOwned(before, clean(merged, target), requestOf(target, options));
      return update(target, live, owned, options);
    },
    replace(target, object, options) {
      const live = read(target);
      checkSeen(target, live, record(object.metadata));
      const before = ownedOf(live);
      const next = clean(partOf(target, before.object, object, options), target);
      return update(target, live, updateOwned(before, next, requestOf(target, options)), options);
    },
    delete(target, preconditions, dryRun) {
      const live = read(target);
      checkSeen(target, live, { ...preconditions });
      if (dryRun) return live;
      return deleteObject(store, target.type.id, live, now());
    },
  };
}

/** What a write may change of an object: all but the status, or nothing but it, if the status has a path of its own. */
function partOf({ type }: Target, before: JsonObject, after: JsonObject, { part }: WriteOptions): JsonObject {
  if (part === 'any' || !type.hasStatus) return after;
  const { status: _status, ...rest } = part === 'status' ? before : after;
  const { status } = part === 'status' ? after : before;
  return status === undefined ? rest : { ...rest, status };
}

/** In the words of k8s.io/apimachinery/pkg/util/managedfields: one by one, or by manager when there are several. */
function conflictError(conflicts: readonly FieldConflict[]): ApiError {
  const causes = conflicts.map(({ field, by }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${managerText(by)}`,
    field,
  }));
  const [first] = causes;
  if (first && causes.length === 1) {
    return new ApiError(409, 'Conflict', `Apply failed with 1 conflict: ${first.message}: ${first.field}`, { causes });
  }
  const managers = [...new Set(conflicts.map(({ by }) => by))];
  const said = managers.flatMap((manager) => [
    `conflicts with ${managerText(manager)}:`,
    ...conflicts.filter(({ by }) => by === manager).map(({ field }) => `- ${field}`),
  ]);
  const message = `Apply failed with ${causes.length} conflicts: ${said.join('\n')}`;
  return new ApiError(409, 'Conflict', message, { causes });
}

function managerText({ manager, subresource, operation, apiVersion, time }: ManagedFields): string {
  const through = subresource === undefined ? '' : ` with subresource "${subresource}"`;
  if (operation === 'Apply') return `"${manager}"${through}`;
  return `"${manager}"${through} using ${apiVersion}${time === undefined ? '' : ` at ${time}`}`;
}

/** Removes `live`, or marks it when somebody has to act first: its finalizers, or the cluster for a graceful end. */
export function deleteObject(
  store: ClusterStore,
  typeId: string,
  live: KubernetesObject,
  time: string,
): KubernetesObject {
  if (live.metadata.deletionTimestamp) return live;
  if (!isHeld({ id: typeId }, live)) {
    store.remove(live);
    return live;
  }
  return store.put({ ...live, metadata: { ...live.metadata, deletionTimestamp: time } });
}

/** RFC 3339 with whole seconds, as Kubernetes writes times. */
export function isoSeconds(ms: number): string {
  const second = Math.floor(ms / 1000);
  // Thousands of objects are written within the same second.
  if (second !== lastSecond.second) lastSecond = { second, text: `${new Date(ms).toISOString().slice(0, 19)}Z` };
  return lastSecond.text;
}

let lastSecond = { second: Number.NaN, text: '' };

/** These end through a behaviour of theirs. */
const graceful = new Set(['/Pod', '/Namespace', 'apiextensions.k8s.io/CustomResourceDefinition']);

function isHeld(type: { readonly id: string }, object: KubernetesObject): boolean {
  return graceful.has(type.id) || list(object.metadata.finalizers).length > 0;
}

/** Kinds whose spec is counted; the others carry no generation. */
function hasGeneration(type: SandboxType): boolean {
  return type.isCustom || ['apps', 'batch', 'networking.k8s.io', 'policy', 'apiextensions.k8s.io'].includes(type.group);
}

function finish(
  { isCustom, schema }: SandboxType,
  object: JsonObject,
  managedFields: readonly ManagedFields[],
  uid: string,
): KubernetesObject {
  const fitting = isCustom && schema ? (withSchemaDefaults(schema, pruned(schema, object)) as JsonObject) : object;
  const complete = withDefaults(fitting, uid);
  return { ...complete, metadata: { ...record(complete.metadata), managedFields } } as unknown as KubernetesObject;
}

/** API servers answer with 500 here, and give no reason. */
function checkTyped({ type, namespace, name }: Target, applied: JsonObject): void {
  const problem = type.schema && typedProblem(type.schema, applied);
  if (!problem) return;
  const what = `${namespace ?? ''}/${name}; ${type.apiVersion}, Kind=${type.kind}`;
  throw new ApiError(500, '', `failed to create typed patch object (${what}): ${problem}`);
}

function ownedOf(live: KubernetesObject): Owned {
  const { managedFields, ...metadata } = live.metadata;
  return {
    object: { ...live, metadata } as unknown as JsonObject,
    managedFields: (managedFields ?? []) as readonly ManagedFields[],
  };
}

const serverWritten = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'managedFields',
  'selfLink',
];

/** What a client may state: nothing that the server writes, and the name that the path says. */
function clean(object: JsonObject, target: Target): JsonObject {
  const metadata = Object.entries(record(object.metadata)).filter(([field]) => !serverWritten.includes(field));
  const named = {
    ...Object.fromEntries(metadata),
    name: target.name,
    ...(target.namespace === null ? {} : { namespace: target.namespace }),
  };
  return { ...object, apiVersion: target.type.apiVersion, kind: target.type.kind, metadata: named as JsonObject };
}

/** Applied text data becomes data before it is merged, as it is stored. A status is never applied here. */
function normalize(applied: JsonObject): JsonObject {
  const { status: _status, ...rest } = applied;
  if (applied.kind !== 'Secret' || applied.stringData === undefined) return rest;
  const { type: _type, ...secret } = withDefaults(rest, '');
  return applied.type === undefined ? secret : { ...secret, type: applied.type };
}

function requireNamespace(store: ClusterStore, target: Target): void {
  if (target.namespace === null) return;
  const namespace = store.get('/Namespace', null, target.namespace);
  if (!namespace) throw new ApiError(404, 'NotFound', `namespaces "${target.namespace}" not found`);
  if (!namespace.metadata.deletionTimestamp) return;
  const why = `unable to create new content in namespace ${target.namespace} because it is being terminated`;
  const message = `namespace ${target.namespace} is being terminated`;
  throw forbidden(target, why, { causes: [{ reason: 'NamespaceTerminating', message, field: 'metadata.namespace' }] });
}

function desiredOf(object: KubernetesObject): JsonObject {
  const { metadata: _metadata, status: _status, ...desired } = object;
  return desired as JsonObject;
}

function timeless(object: KubernetesObject): unknown {
  const { resourceVersion: _version, managedFields, ...metadata } = object.metadata;
  const managers = list(managedFields).map((each) => ({ ...record(each), time: '' }));
  return { ...object, metadata: { ...metadata, managers } };
}
