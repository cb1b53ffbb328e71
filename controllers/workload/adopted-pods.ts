import type { KubernetesDriver, KubernetesObject, ResourceType } from '../../drivers/kubernetes/driver.js';
import { isSelected } from '../../drivers/kubernetes/label-selector.js';
import { record } from '../../drivers/kubernetes/object-fields.js';
import { outsideLabels } from '../marks.js';
import { hasLabelledTemplate } from './taken-over.js';
import { templatePathsOf } from './template-paths.js';

/**
 * Whether it was taken over and its pods run since before: they carry no label of ours, so no watch sees them, and they
 * are found by what the object itself selects.
 */
export function hasUnlabelledPods(live: KubernetesObject): boolean {
  const isOurs = live.metadata.labels?.[outsideLabels.instanceId] !== undefined;
  return isOurs && templatePathsOf(live).length > 0 && !hasLabelledTemplate(live);
}

/** The pods that these objects select. One list for each of their namespaces. Reads only. */
export async function selectedPods(
  objects: readonly KubernetesObject[],
  driver: Pick<KubernetesDriver, 'list'>,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const namespaces = [...new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))];
  const lists = await Promise.all(
    namespaces.map(async (namespace) => (await driver.list(podType, { selector: '', namespace, signal })).objects),
  );
  return lists
    .flat()
    .filter((pod) =>
      objects.some(
        ({ metadata, spec }) => metadata.namespace === pod.metadata.namespace && isSelected(pod, record(spec).selector),
      ),
    );
}

const podType: ResourceType = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true };
