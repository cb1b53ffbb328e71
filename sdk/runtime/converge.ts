import { assert } from '../../lib/assert.js';
import type { ResourceClient } from '../resource-client.js';
import type { ResourceProvider } from './provider.js';
import type { Reconciler } from './reconciler.js';

export interface ConvergeOptions<Spec> {
  readonly client: ResourceClient<Spec>;
  /** When to look again while the outside is not yet as desired. Default 2,000. */
  readonly pollMs?: number;
  /** When to look again at what is degraded. Default 15,000. */
  readonly degradedPollMs?: number;
  /** Whether a failed action says nothing about the resource (unreachable, throttled, a precondition): then no status tells of it. Default: no error is. */
  readonly isTransient?: (error: unknown) => boolean;
}

/** The reconciler of a kind from what its provider brings. Knows the order of a pass, and nothing of the kind. */
export function createReconciler<Spec, Observation, Action>(
  provider: ResourceProvider<Spec, Observation, Action>,
  options: ConvergeOptions<Spec>,
): Reconciler {
  assert(provider, 'A provider is given');
  return {
    kind: options.client.kind,
    reconcile: () => Promise.reject(new Error('Passes come with the next commit')),
  };
}
