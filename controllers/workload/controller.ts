import {
  CredentialRefusedError,
  PreconditionError,
  ServerError,
  ThrottledError,
  UnreachableError,
} from '../../drivers/kubernetes/errors.js';
import { withBoundOutputs } from '../../sdk/runtime/bound-provider.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { waitWhenThrottled } from '../cluster/wait-when-throttled.js';
import { ObservationError, tellOutages } from '../observation-error.js';
import { createWorkloadProbe } from './probe/probe.js';
import { createWorkloadProvider, type WorkloadProviderOptions } from './provider.js';

/** The reconciler of Workload. */
export function createWorkloadReconciler(options: WorkloadProviderOptions): Reconciler {
  const { client } = options;
  const provider = withBoundOutputs({ ...createWorkloadProvider(options), probe: createWorkloadProbe(options) });
  return waitWhenThrottled(tellOutages(createReconciler(provider, { client, isTransient }), client));
}

/** These say something about the cluster or the moment, not about the workload. */
function isTransient(error: unknown): boolean {
  return transient.some((type) => error instanceof type);
}

const transient = [
  ObservationError,
  UnreachableError,
  CredentialRefusedError,
  ThrottledError,
  ServerError,
  PreconditionError,
];
