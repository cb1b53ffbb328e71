import type { KubernetesDriver, KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { record } from '../../drivers/kubernetes/object-fields.js';
import { isOurEntry, isSetByUs, managedEntries, owns } from './drift/managed-fields.js';

/**
 * `body` with the live number of replicas, where it states none, we are the only one who set it, and something scales the
 * object: left out, it would be reset to 1, and it is the scaler's from the first time that it changes it.
 * `scalers`: what is about to be applied beside it; what others made is asked for.
 */
export async function withKeptReplicas(
  body: KubernetesObject,
  live: KubernetesObject,
  scalers: readonly KubernetesObject[],
  look: { readonly driver: KubernetesDriver; readonly signal: AbortSignal },
): Promise<KubernetesObject> {
  const { replicas } = record(live.spec);
  if (typeof replicas !== 'number' || record(body.spec).replicas !== undefined || !isOnlyOurs(live)) return body;
  if (!scalers.some((scaler) => scales(scaler, live)) && !(await isScaledByOthers(live, look))) return body;
  return { ...body, spec: { ...record(body.spec), replicas } };
}

const path = [{ field: 'spec' }, { field: 'replicas' }];

function isOnlyOurs(live: KubernetesObject): boolean {
  const entries = managedEntries(live);
  return isSetByUs(entries, path) && !entries.some((entry) => !isOurEntry(entry) && owns(entry, path));
}

/** As HorizontalPodAutoscaler and the like name what they scale. */
export function scales({ metadata, spec }: KubernetesObject, live: KubernetesObject): boolean {
  const target = record(record(spec).scaleTargetRef);
  const isHere = (metadata.namespace ?? '') === (live.metadata.namespace ?? '');
  return isHere && target.name === live.metadata.name && (target.kind ?? 'Deployment') === live.kind;
}

async function isScaledByOthers(
  live: KubernetesObject,
  { driver, signal }: { readonly driver: KubernetesDriver; readonly signal: AbortSignal },
): Promise<boolean> {
  const { namespace } = live.metadata;
  const type = await driver.resolve('autoscaling/v2', 'HorizontalPodAutoscaler', signal);
  if (!type || namespace === undefined) return false;
  const { objects } = await driver.list(type, { selector: '', namespace, signal });
  return objects.some((scaler) => scales(scaler, live));
}
