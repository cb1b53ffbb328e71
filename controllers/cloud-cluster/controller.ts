import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { type CloudParts, createCloudReconciler } from '../cloud/cloud-reconciler.js';
import { cloudCluster } from './cloud-cluster.js';

/** The reconciler of CloudCluster. */
export function createCloudClusterReconciler(parts: CloudParts): Reconciler {
  return createCloudReconciler(cloudCluster, parts);
}
