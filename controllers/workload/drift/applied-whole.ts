import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { isOurEntry, managedEntries } from './managed-fields.js';

/** Whether we set more of it than our marks, now or when it was ours before. */
export function isAppliedWhole(live: KubernetesObject): boolean {
  return managedEntries(live).some(
    (entry) => isOurEntry(entry) && entry.isApply && Object.keys(entry.fields).some((field) => field !== 'f:metadata'),
  );
}
