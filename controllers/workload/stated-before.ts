import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { statedManifest } from './adoption/stated-manifest.js';
import { isOurEntry, type ManagedEntry, managedEntries } from './drift/managed-fields.js';

/**
 * `marked`, with all that we set when the object was ours before, as it is now: the API server takes away what a manager
 * set and leaves out the next time, and nobody but us set it.
 */
export function withStatedBefore(marked: KubernetesObject, live: KubernetesObject): KubernetesObject {
  if (!managedEntries(live).some(isOurs)) return marked;
  const { metadata, ...fields } = statedManifest(live, isOurs);
  return {
    ...fields,
    ...marked,
    metadata: {
      ...marked.metadata,
      labels: { ...metadata.labels, ...marked.metadata.labels },
      annotations: { ...metadata.annotations, ...marked.metadata.annotations },
    },
  };
}

const isOurs = (entry: ManagedEntry) => isOurEntry(entry) && entry.isApply && entry.subresource === '';
