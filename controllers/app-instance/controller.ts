import type { ResourceClient } from '../../sdk/resource-client.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { createInstanceProvider, type InstanceProviderOptions, type InstanceSpec } from './provider.js';

export interface InstanceReconcilerOptions extends InstanceProviderOptions {
  readonly client: ResourceClient<InstanceSpec>;
}

/** The reconciler of AppInstance. A change of a workload wakes it. */
export function createInstanceReconciler(options: InstanceReconcilerOptions): Reconciler {
  return createReconciler(createInstanceProvider(options), { client: options.client });
}
