import { createReconciler } from '../../sdk/runtime/converge.js';
import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { createInstanceProvider, type InstanceProviderOptions } from './provider.js';

/** The reconciler of AppInstance. A change of what it owns wakes it. */
export function createInstanceReconciler(options: InstanceProviderOptions): Reconciler {
  return createReconciler(createInstanceProvider(options), {
    client: options.client,
    waitsForReferences: false,
    pollMs: POLL_MS,
  });
}

/** It changes nothing outside and is told of every change of a part: only a message that was lost is waited for. */
const POLL_MS = 60_000;
