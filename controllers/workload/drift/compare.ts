import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { isJsonObject } from '../../../lib/canonical.js';
import { hashJson } from '../../../lib/node/hash.js';
import { withAnySecrets } from '../secret-data.js';

/**
 * Hash of what is desired and of what stands in `live` at the places that it states, but for what was yielded to
 * autoscalers. The API server writes values in its own way: what it answered to an apply is what it made of ours.
 */
export function fingerprint(desired: KubernetesObject, live: KubernetesObject): string {
  const stated = withAnySecrets(desired);
  return hashJson([stated, projection(stated, live, yieldedPaths(live), '') ?? null]);
}

/** Fields that are left to whoever uses the scale subresource, such as an autoscaler. */
function yieldedPaths(live: KubernetesObject): ReadonlySet<string> {
  const fields = live.metadata.managedFields;
  const isScaled =
    Array.isArray(fields) && fields.some((entry) => isJsonObject(entry) && entry.subresource === 'scale');
  return new Set(isScaled ? ['.spec.replicas'] : []);
}

/** What stands in `live` at the places that `desired` states. Lists are taken whole: an item too many is a change. */
function projection(desired: unknown, live: unknown, ignored: ReadonlySet<string>, path: string): unknown {
  if (ignored.has(path)) return undefined;
  if (Array.isArray(desired) && Array.isArray(live)) {
    return live.map((item, index) => projection(desired[index], item, ignored, `${path}[${index}]`));
  }
  if (!isJsonObject(desired) || !isJsonObject(live)) return live;
  return Object.fromEntries(
    Object.keys(desired).map((key) => [key, projection(desired[key], live[key], ignored, `${path}.${key}`)]),
  );
}
