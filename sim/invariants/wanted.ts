import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { isSecretReference } from '../../lib/kind.js';
import { outputMarkerOf, outputsHashOf } from '../../lib/output-marker.js';

/** The objects that the spec of a workload wants. */
export function objectsOf(spec: JsonObject): readonly KubernetesObject[] {
  return Array.isArray(spec.objects) ? (spec.objects as unknown as readonly KubernetesObject[]) : [];
}

/** Whether `live` has all that `desired` says. Outputs of others and secrets may be anything that is there. */
export function holds(desired: Json, live: Json | undefined): boolean {
  if (isSecretReference(desired) || outputMarkerOf(desired) !== null || outputsHashOf(desired) !== null)
    return live !== undefined;
  if (desired === null) return live === undefined || live === null;
  if (Array.isArray(desired)) {
    if (!Array.isArray(live)) return desired.length === 0 && live === undefined;
    return desired.every((item: Json, index) => holds(item, itemLike(item, live) ?? live[index]));
  }
  if (isJsonObject(desired)) {
    if (!isJsonObject(live)) return live === undefined && Object.keys(desired).length === 0;
    return Object.entries(desired).every(([key, value]) => holds(value ?? null, live[key]));
  }
  return desired === live || (live === undefined && (desired === '' || desired === false || desired === 0));
}

/** Lists of named things are merged by name. */
function itemLike(item: Json, live: readonly Json[]): Json | undefined {
  if (!isJsonObject(item) || typeof item.name !== 'string') return undefined;
  return live.find((each) => isJsonObject(each) && each.name === item.name);
}
