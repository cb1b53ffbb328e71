import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { type CloudParts, createCloudReconciler } from '../cloud/cloud-reconciler.js';
import { bucket } from './bucket.js';

/** The reconciler of Bucket. */
export function createBucketReconciler(parts: CloudParts): Reconciler {
  return createCloudReconciler(bucket, parts);
}
