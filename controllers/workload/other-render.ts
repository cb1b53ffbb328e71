import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { isAppliedWhole } from './drift/applied-whole.js';
import { findDifferences } from './drift/differences.js';
import { needsSecrets } from './secret-data.js';

/**
 * Whether what we set of an object, when it was ours before, may be that of another render than `stated`. A field that we
 * set counts as the API server's way of storing ours, so this must be known before the object is said to have the render.
 * What hands changed since is no reason: it is drift.
 */
export function isOfAnotherRender(stated: KubernetesObject, live: KubernetesObject): boolean {
  if (!isAppliedWhole(live)) return false;
  // Values of secrets cannot be compared.
  if (needsSecrets(stated)) return true;
  return findDifferences(stated, live).length > findDifferences(stated, live, { isApplied: true }).length;
}
