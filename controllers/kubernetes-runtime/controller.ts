import { createReconciler } from '../../sdk/runtime/converge.js';
import { type Reconciler, waiting } from '../../sdk/runtime/reconciler.js';
import { createRuntimeProvider, type RuntimeProviderOptions } from './provider.js';
import { type RenewalOptions, type Renewals, renewIfDue } from './renewal.js';

export interface RuntimeReconcilerOptions extends RenewalOptions, Pick<RuntimeProviderOptions, 'probe'> {
  /** How often to look at each cluster, in milliseconds. Default 30,000. */
  readonly everyMs?: number;
}

/** The reconciler of KubernetesRuntime. Nothing tells when a cluster goes away, so it looks again and again. */
export function createRuntimeReconciler(options: RuntimeReconcilerOptions): Reconciler {
  const { client, everyMs = DEFAULT_EVERY_MS } = options;
  const provider = createRuntimeProvider(options);
  const looking = createReconciler(provider, { client, settledPollMs: everyMs, degradedPollMs: everyMs });
  const renewals: Renewals = new Map();
  return {
    kind: looking.kind,
    ...(looking.probe && { probe: looking.probe }),
    async reconcile(id, context) {
      const outcome = await looking.reconcile(id, context);
      const isRenewed = await renewIfDue(options, renewals, id, context);
      return isRenewed ? waiting('a look with the renewed credential', { retryAfterMs: 0 }) : outcome;
    },
  };
}

const DEFAULT_EVERY_MS = 30_000;
