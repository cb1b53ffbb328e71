import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { isJsonObject, type Json, type JsonObject } from '../../../lib/canonical.js';
import { type FieldPath, type FieldPattern, relationOf } from './field-path.js';
import { pairItems } from './list-items.js';
import { isOurEntry, type ManagedEntry, managedEntries, owns } from './managed-fields.js';

/**
 * `body` so that applying it leaves alone what `kept` names: a field that another manager set is left out; one that only
 * we set has its live value, because a field that its sole owner leaves out is reset. What is not there is not stated.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership
 */
export function withKeptFields(
  body: KubernetesObject,
  live: KubernetesObject,
  kept: readonly FieldPattern[],
): KubernetesObject {
  if (kept.length === 0) return body;
  const walk = { kept, entries: managedEntries(live) };
  const left = keep(walk, body as unknown as JsonObject, live as unknown as JsonObject, []);
  return isJsonObject(left) ? (left as unknown as KubernetesObject) : body;
}

interface Walk {
  readonly kept: readonly FieldPattern[];
  readonly entries: readonly ManagedEntry[];
}

/** undefined: it is to be left out. */
function keep(walk: Walk, body: Json, live: Json | undefined, path: FieldPath): Json | undefined {
  const relations = walk.kept.map((pattern) => relationOf(pattern, path));
  if (relations.includes('same')) return isSetByOthers(walk, path) ? undefined : live;
  if (!relations.includes('below')) return body;
  if (Array.isArray(body)) {
    const items = Array.isArray(live) ? live : [];
    const paired = pairItems(body, items, path, walk.entries);
    if (!paired) return body;
    return paired.pairs.flatMap(({ step, desired, live: seen }) => {
      const left = desired === undefined ? undefined : keep(walk, desired, seen, [...path, step]);
      return left === undefined ? [] : [left];
    });
  }
  if (!isJsonObject(body)) return body;
  const seen = isJsonObject(live) ? live : {};
  const left = Object.entries(body).flatMap(([field, value]) => {
    const next = keep(walk, value, seen[field], [...path, { field }]);
    return next === undefined ? [] : [[field, next] as const];
  });
  return Object.fromEntries(left);
}

function isSetByOthers({ entries }: Walk, path: FieldPath): boolean {
  return entries.some((entry) => !isOurEntry(entry) && owns(entry, path));
}
