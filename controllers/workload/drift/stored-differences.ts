import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { isJsonObject, isSameJson, type Json, type JsonObject } from '../../../lib/canonical.js';
import { type FieldDifference, hiddenValue } from '../../../lib/field-difference.js';
import { isSecret } from '../../../model/manifests.js';
import { outsideAnnotations } from '../../marks.js';
import { type FieldPath, pathText } from './field-path.js';
import { pairItems } from './list-items.js';
import { type ManagedEntry, managedEntries } from './managed-fields.js';
import { whoChanged } from './who-changed.js';

/**
 * What a write would change, from what the API server answers to its dry run: `after` against `live`, field by field,
 * but for what the server itself counts and our marks. Secret values are not shown, but that they change is. Pure.
 */
export function storedDifferences(after: KubernetesObject, live: KubernetesObject): readonly FieldDifference[] {
  const walk = { entries: managedEntries(live), isSecret: isSecret(live as unknown as JsonObject) };
  return compare(walk, stated(after), stated(live), []);
}

interface Walk {
  readonly entries: readonly ManagedEntry[];
  readonly isSecret: boolean;
}

/** What people state, and not what the server writes. */
function stated({ apiVersion: _apiVersion, kind: _kind, status: _status, ...object }: KubernetesObject): JsonObject {
  const { labels = {}, annotations = {}, finalizers = [], ownerReferences = [] } = object.metadata;
  const marks: readonly string[] = Object.values(outsideAnnotations);
  const left = Object.entries(annotations).filter(([name]) => !marks.includes(name));
  const metadata = { labels, annotations: Object.fromEntries(left), finalizers, ownerReferences };
  return { ...object, metadata } as unknown as JsonObject;
}

function compare(
  walk: Walk,
  after: Json | undefined,
  live: Json | undefined,
  path: FieldPath,
): readonly FieldDifference[] {
  if (isSameJson(after ?? null, live ?? null)) return [];
  if (isJsonObject(after) && isJsonObject(live)) {
    const fields = new Set([...Object.keys(live), ...Object.keys(after)]);
    return [...fields].flatMap((field) => compare(walk, after[field], live[field], [...path, { field }]));
  }
  if (Array.isArray(after) && Array.isArray(live)) {
    const paired = pairItems(after, live, path, walk.entries);
    // The same items in another order, where order is part of the value.
    const found = paired?.pairs.flatMap((pair) => compare(walk, pair.desired, pair.live, [...path, pair.step])) ?? [];
    if (found.length > 0) return found;
  }
  const [first] = path;
  const isHidden = walk.isSecret && first !== undefined && 'field' in first && first.field === 'data';
  const shown = (value: Json | undefined) => (isHidden && value !== undefined ? hiddenValue : (value ?? null));
  return [{ path: pathText(path), desired: shown(after), live: shown(live), ...whoChanged(walk.entries, path) }];
}
