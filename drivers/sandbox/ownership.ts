import { isJsonObject, isSameJson, type JsonObject } from '../../lib/canonical.js';
import { mergeApplied, removeAt } from './field-merge.js';
import { type FieldPath, type FieldTree, fieldsOf, leavesOf, pathText, treeFrom, valueAt } from './field-tree.js';

/**
 * Who owns which field of an object, as server-side apply keeps it. Each manager has a set of fields. Applying sets what it
 * states and takes away what only this manager had set; a field that another manager set otherwise is a conflict.
 */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** Not there for what came through the scale of an object. */
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: FieldTree;
  readonly subresource?: string;
}

export interface FieldConflict {
  readonly field: string;
  readonly by: ManagedFields;
}

export interface Owned {
  /** Without managedFields. */
  readonly object: JsonObject;
  readonly managedFields: readonly ManagedFields[];
}

export interface ApplyRequest {
  readonly manager: string;
  readonly force: boolean;
  readonly isCustom: boolean;
  readonly time: string;
  readonly subresource?: string;
}

/** `live` after `applied`, or the conflicts that stand in the way. `live` is null when the object is new. */
export function applyOwned(
  live: Owned | null,
  applied: JsonObject,
  request: ApplyRequest,
): Owned | readonly FieldConflict[] {
  const { isCustom } = request;
  const stated = leavesOf(fieldsOf(applied, isCustom));
  const before = live?.managedFields ?? [];
  const isOurs = isEntryOf(request, 'Apply');
  const others = before.filter((each) => !isOurs(each)).map((each) => ({ each, leaves: leavesOf(each.fieldsV1) }));

  const conflicts: FieldConflict[] = [];
  const taken = new Set<string>();
  for (const [key, path] of stated) {
    for (const other of others) {
      if (!other.leaves.has(key) || !differs(live?.object, applied, path, isCustom)) continue;
      conflicts.push({ field: pathText(path), by: other.each });
      taken.add(key);
    }
  }
  if (conflicts.length > 0 && !request.force) return conflicts;

  let object = live ? (mergeApplied(live.object, applied, isCustom) as JsonObject) : applied;
  const previous = before.find(isOurs);
  for (const [key, path] of previous ? leavesOf(previous.fieldsV1) : []) {
    const isKept = states(stated, key) || others.some((other) => ownsBelow(other.leaves, key));
    if (!isKept) object = removeAt(object, path, isCustom) as JsonObject;
  }
  const kept = others.map(({ each, leaves }) => reduce(each, leaves, taken)).filter((each) => each !== null);
  const ours = entryOf(request, 'Apply', String(applied.apiVersion), treeFrom(stated.values()));
  const isSame = previous !== undefined && isSameJson(previous.fieldsV1, ours.fieldsV1);
  return { object, managedFields: [...kept, isSame ? previous : ours] };
}

/** `next` as written by `manager` without server-side apply: what it changed becomes its own, and nobody else's. */
export function updateOwned(live: Owned, next: JsonObject, request: Omit<ApplyRequest, 'force'>): Owned {
  const { isCustom } = request;
  const after = leavesOf(fieldsOf(next, isCustom));
  const before = leavesOf(fieldsOf(live.object, isCustom));
  const changed = [...after].filter(([key, path]) => !before.has(key) || differs(live.object, next, path, isCustom));
  const lost = new Set([...changed.map(([key]) => key), ...[...before.keys()].filter((key) => !after.has(key))]);
  const isOurs = isEntryOf(request, 'Update');
  const kept = live.managedFields.map((each) => (isOurs(each) ? each : reduce(each, leavesOf(each.fieldsV1), lost)));
  if (changed.length === 0) return { object: next, managedFields: kept.filter((each) => each !== null) };
  const previous = live.managedFields.find(isOurs);
  const paths = new Map([...(previous ? leavesOf(previous.fieldsV1) : []), ...changed]);
  const left = [...paths].filter(([key]) => after.has(key)).map(([, path]) => path);
  const ours = entryOf(request, 'Update', String(next.apiVersion), treeFrom(left));
  return {
    object: next,
    managedFields: [...kept.filter((each) => each !== null && !isOurs(each)).filter(isPresent), ours],
  };
}

type Operation = ManagedFields['operation'];

/** A manager's fields are kept apart by how it writes them: applied or not, and through which subresource. */
function isEntryOf(request: Omit<ApplyRequest, 'force'>, operation: Operation): (each: ManagedFields) => boolean {
  return (each) =>
    each.manager === request.manager && each.operation === operation && each.subresource === request.subresource;
}

function entryOf(
  request: Omit<ApplyRequest, 'force'>,
  operation: Operation,
  apiVersion: string,
  fieldsV1: FieldTree,
): ManagedFields {
  const { manager, time, subresource } = request;
  return {
    manager,
    operation,
    apiVersion,
    // API servers leave it out for scales.
    ...(subresource === 'scale' ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function isPresent<T>(value: T | null): value is T {
  return value !== null;
}

/** Membership of a list item (`.`) is shared by all who state the item. */
function differs(live: JsonObject | undefined, wanted: JsonObject, path: FieldPath, isCustom: boolean): boolean {
  if (path.at(-1) === '.') return false;
  const value = valueAt(live, path, isCustom);
  if (value === undefined) return false;
  const other = valueAt(wanted, path, isCustom);
  // An empty map is a leaf of a tree, yet states nothing about what is in it.
  if (isJsonObject(value) && isJsonObject(other) && Object.keys(other).length === 0) return false;
  return !isSameJson(value, other);
}

/** An empty map or list is a leaf; filled, it is stated by what is in it. */
function states(stated: ReadonlyMap<string, FieldPath>, key: string): boolean {
  return stated.has(key) || [...stated.keys()].some((other) => other.startsWith(`${key}\n`));
}

/** A list item stays as long as somebody owns anything in it. */
function ownsBelow(leaves: ReadonlyMap<string, FieldPath>, key: string): boolean {
  if (leaves.has(key)) return true;
  if (!key.endsWith('\n.')) return false;
  const prefix = key.slice(0, -1);
  return [...leaves.keys()].some((other) => other.startsWith(prefix));
}

function reduce(
  each: ManagedFields,
  leaves: ReadonlyMap<string, FieldPath>,
  taken: ReadonlySet<string>,
): ManagedFields | null {
  const left = [...leaves].filter(([key]) => !taken.has(key));
  if (left.length === leaves.size) return each;
  if (left.length === 0) return null;
  return { ...each, fieldsV1: treeFrom(left.map(([, path]) => path)) };
}
