import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { type CloudParts, createCloudReconciler } from '../cloud/cloud-reconciler.js';
import { network } from './network.js';

/** The reconciler of Network. */
export function createNetworkReconciler(parts: CloudParts): Reconciler {
  return createCloudReconciler(network, parts);
}
