import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { type CloudParts, createCloudReconciler } from '../cloud/cloud-reconciler.js';
import { domainName } from './domain-name.js';

/** The reconciler of DomainName. */
export function createDomainNameReconciler(parts: CloudParts): Reconciler {
  return createCloudReconciler(domainName, parts);
}
