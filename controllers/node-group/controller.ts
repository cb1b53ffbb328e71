import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { type CloudParts, createCloudReconciler } from '../cloud/cloud-reconciler.js';
import { nodeGroup } from './node-group.js';

/** The reconciler of NodeGroup. */
export function createNodeGroupReconciler(parts: CloudParts): Reconciler {
  return createCloudReconciler(nodeGroup, parts);
}
