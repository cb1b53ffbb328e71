import type { KubernetesDriver, KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { record } from '../../drivers/kubernetes/object-fields.js';
import { marksOf } from '../marks.js';
import { managedEntries } from './drift/managed-fields.js';
import { scales } from './kept-replicas.js';
import type { RenderedObject } from './render.js';

/** Whether the cluster's own autoscaler wrote the scale of an object; it leaves its name there for ever. */
export function isScaledByCluster(live: KubernetesObject): boolean {
  return managedEntries(live).some(
    ({ manager, subresource }) => subresource === 'scale' && manager === 'kube-controller-manager',
  );
}

/**
 * Keys of objects whose stated replicas are an autoscaler's by name, though no autoscaler is left that scales them: they
 * are not yielded any more. Asks the cluster only where there is such an object.
 */
export async function staleScales(
  workloadId: string,
  rendered: readonly RenderedObject[],
  live: ReadonlyMap<string, KubernetesObject>,
  { driver, signal }: { readonly driver: KubernetesDriver; readonly signal: AbortSignal },
): Promise<ReadonlySet<string>> {
  const wanted = rendered.map(({ object }) => object);
  const suspects = rendered.flatMap(({ key, object }) => {
    const seen = live.get(key);
    if (!seen || record(object.spec).replicas === undefined || !isScaledByCluster(seen)) return [];
    return wanted.some((scaler) => scales(scaler, seen)) ? [] : [{ key, seen }];
  });
  if (suspects.length === 0) return new Set();
  const type = await driver.resolve('autoscaling/v2', 'HorizontalPodAutoscaler', signal);
  if (!type) return new Set(suspects.map(({ key }) => key));
  const scalers: KubernetesObject[] = [];
  for (const namespace of new Set(suspects.map(({ seen }) => seen.metadata.namespace ?? ''))) {
    const { objects } = await driver.list(type, { selector: '', namespace, signal });
    // Our own, that is not wanted any more, is on its way out.
    scalers.push(...objects.filter((scaler) => marksOf(scaler).resourceId !== workloadId));
  }
  const stale = suspects.filter(({ seen }) => !scalers.some((scaler) => scales(scaler, seen)));
  return new Set(stale.map(({ key }) => key));
}
