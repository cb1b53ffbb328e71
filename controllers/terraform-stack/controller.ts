import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { type CloudParts, createCloudReconciler } from '../cloud/cloud-reconciler.js';
import { terraformStack } from './terraform-stack.js';

/** The reconciler of TerraformStack. */
export function createTerraformStackReconciler(parts: CloudParts): Reconciler {
  return createCloudReconciler(terraformStack, parts);
}
