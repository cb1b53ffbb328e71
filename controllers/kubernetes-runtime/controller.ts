import type { ResourceClient } from '../../sdk/resource-client.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import type { Reconciler } from '../../sdk/runtime/reconciler.js';
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
  const { client, clusters, everyMs = DEFAULT_EVERY_MS } = options;
  return createReconciler(createRuntimeProvider(clusters), { client, settledPollMs: everyMs, degradedPollMs: everyMs });
}

const DEFAULT_EVERY_MS = 30_000;
