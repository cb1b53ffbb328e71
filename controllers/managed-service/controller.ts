import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { type CloudParts, createCloudReconciler } from '../cloud/cloud-reconciler.js';
import { managedService } from './managed-service.js';

/** The reconciler of ManagedService. */
export function createManagedServiceReconciler(parts: CloudParts): Reconciler {
  return createCloudReconciler(managedService, parts);
}
