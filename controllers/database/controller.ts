import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { type CloudParts, createCloudReconciler } from '../cloud/cloud-reconciler.js';
import { database } from './database.js';

/** The reconciler of Database. */
export function createDatabaseReconciler(parts: CloudParts): Reconciler {
  return createCloudReconciler(database, parts);
}
