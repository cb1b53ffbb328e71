import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { isJsonObject, type Json, type JsonObject } from '../../../lib/canonical.js';
import { type DifferenceOptions, findSurplus } from './differences.js';
import type { FieldPath } from './field-path.js';

/**
 * A merge patch that takes out of `live` what others added to lists that `desired` states, and that holds only for the
 * very version that was seen; null when there is nothing of that kind. An apply cannot do it: it leaves items that others
 * own. Pure. https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function surplusPatch(
  desired: KubernetesObject,
  live: KubernetesObject,
  options: DifferenceOptions,
): JsonObject | null {
  const surplus = findSurplus(desired, live, options);
  if (surplus.length === 0) return null;
  const { uid = '', resourceVersion = '' } = live.metadata;
  const patch = changed(live as unknown as JsonObject, surplus);
  return { ...(isJsonObject(patch) ? patch : {}), metadata: { uid, resourceVersion } };
}

/** Of an object, only the fields that lead to a surplus; of a list, all items but those, for a merge replaces lists. */
function changed(value: Json, surplus: readonly FieldPath[]): Json {
  if (Array.isArray(value)) return without(value, surplus);
  if (!isJsonObject(value)) return value;
  return mapFields(value, surplus, changed, false);
}

function without(value: Json, surplus: readonly FieldPath[]): Json {
  if (surplus.length === 0) return value;
  if (isJsonObject(value)) return mapFields(value, surplus, without, true);
  if (!Array.isArray(value)) return value;
  return value.flatMap((item, index) => {
    const here = surplus.filter(([step]) => step && 'index' in step && step.index === index).map(([, ...rest]) => rest);
    return here.some((path) => path.length === 0) ? [] : [without(item, here)];
  });
}

function mapFields(
  value: JsonObject,
  surplus: readonly FieldPath[],
  change: (value: Json, surplus: readonly FieldPath[]) => Json,
  keepsOthers: boolean,
): JsonObject {
  const fields = Object.entries(value).flatMap(([field, item]) => {
    const below = surplus
      .filter(([step]) => step && 'field' in step && step.field === field)
      .map(([, ...rest]) => rest);
    if (below.length === 0) return keepsOthers ? [[field, item] as const] : [];
    return [[field, change(item, below)] as const];
  });
  return Object.fromEntries(fields);
}
