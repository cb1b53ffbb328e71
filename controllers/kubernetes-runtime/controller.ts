import type { ResourceClient } from '../../sdk/resource-client.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import { type Reconciler, waiting } from '../../sdk/runtime/reconciler.js';
import type { Clusters, RuntimeSpec } from '../clusters.js';
import { createRuntimeProvider } from './provider.js';

export interface RuntimeReconcilerOptions {
  readonly client: ResourceClient<RuntimeSpec>;
  readonly clusters: Clusters;
  /** How often to look at each cluster, in milliseconds. Default 30,000. */
  readonly everyMs?: number;
}

/** The reconciler of KubernetesRuntime. Nothing tells when a cluster goes away, so it looks again and again. */
export function createRuntimeReconciler(options: RuntimeReconcilerOptions): Reconciler {
  const provider = createRuntimeProvider(options.clusters);
  const seen = new Set<string>();
  const reconciler = createReconciler(
    {
      ...provider,
      async observe(runtime, context) {
        const observation = await provider.observe(runtime, context);
        if (observation.type !== 'leaving') seen.add(runtime.id);
        return observation;
      },
    },
    { client: options.client },
  );
  return {
    ...reconciler,
    async reconcile(id, context) {
      seen.delete(id);
      const outcome = await reconciler.reconcile(id, context);
      if (outcome.type === 'waiting' || !seen.delete(id)) return outcome;
      return waiting('the next look at the cluster', { retryAfterMs: options.everyMs ?? DEFAULT_EVERY_MS });
    },
  };
}

const DEFAULT_EVERY_MS = 30_000;
