import { fieldManager } from '../../../drivers/kubernetes/api-driver.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { isJsonObject, isSameJson, type Json, type JsonObject } from '../../../lib/canonical.js';
import { type FieldPath, keyValue, type PathStep } from './field-path.js';

/** Which fields one manager set, as the API server keeps it. */
export interface ManagedEntry {
  readonly manager: string;
  readonly isApply: boolean;
  /** `scale`, `status`; empty for the object itself. */
  readonly subresource: string;
  /** ISO 8601 with milliseconds, or null. */
  readonly at: string | null;
  /** `f:name` a field, `k:{...}` an item by its keys, `v:...` an item by its value, `.` the thing itself: FieldsV1. */
  readonly fields: JsonObject;
}

/**
 * Who set what, as far as it is about the version in which the object was read. Empty: the object does not say.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function managedEntries({ apiVersion, metadata }: KubernetesObject): readonly ManagedEntry[] {
  const { managedFields } = metadata;
  if (!Array.isArray(managedFields)) return [];
  return managedFields.filter(isJsonObject).flatMap((entry): readonly ManagedEntry[] => {
    const { manager, operation, subresource, time, fieldsV1 } = entry;
    if (typeof manager !== 'string' || !isJsonObject(fieldsV1) || entry.apiVersion !== apiVersion) return [];
    const at = typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? new Date(time).toISOString() : null;
    return [
      {
        manager,
        isApply: operation === 'Apply',
        subresource: typeof subresource === 'string' ? subresource : '',
        at,
        fields: fieldsV1,
      },
    ];
  });
}

/** Whether it stands for what we applied, or for what the API server's admission set as we did. */
export const isOurEntry = ({ manager }: ManagedEntry): boolean => manager === fieldManager;

/** Whether our last apply set the field and nobody changed it since. */
export function isSetByUs(entries: readonly ManagedEntry[], path: FieldPath): boolean {
  return entries.some((entry) => isOurEntry(entry) && entry.isApply && owns(entry, path));
}

/** Whether a manager set the field, or something in it. */
export function owns({ fields }: ManagedEntry, path: FieldPath): boolean {
  let node: JsonObject = fields;
  for (const step of path) {
    const next = childOf(node, step);
    // A list or map that is replaced as one is owned as one.
    if (next === null) return node !== fields && Object.keys(node).length === 0;
    node = next;
  }
  return true;
}

/** How the items of the list at `path` are told apart; undefined: nobody says. */
export function itemKeysAt(entries: readonly ManagedEntry[], path: FieldPath): readonly string[] | null | undefined {
  for (const entry of entries) {
    const node = nodeAt(entry, path);
    const [element] = Object.keys(node ?? {}).filter((name) => /^[kv]:/.test(name));
    if (element?.startsWith('v:')) return null;
    if (element) return Object.keys(parsed(element) as JsonObject);
    // Owned as one: there are no keys, and places tell the items apart.
    if (node && Object.keys(node).length === 0) return [];
  }
  return undefined;
}

function nodeAt({ fields }: ManagedEntry, path: FieldPath): JsonObject | null {
  return path.reduce<JsonObject | null>((node, step) => node && childOf(node, step), fields);
}

function childOf(node: JsonObject, step: PathStep): JsonObject | null {
  const name = 'field' in step ? `f:${step.field}` : Object.keys(node).find((element) => isItem(element, step.item));
  const child = name === undefined ? undefined : node[name];
  return isJsonObject(child) ? child : null;
}

function isItem(element: string, item: Json): boolean {
  if (element.startsWith('v:')) return isSameJson(parsed(element), item);
  if (!element.startsWith('k:')) return false;
  const keys = parsed(element);
  return isJsonObject(keys) && Object.entries(keys).every(([key, value]) => isSameJson(keyValue(item, key), value));
}

function parsed(element: string): Json {
  return JSON.parse(element.slice(2)) as Json;
}
