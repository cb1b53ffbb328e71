import {
  CredentialRefusedError,
  KubernetesError,
  ThrottledError,
  UnreachableError,
} from '../../drivers/kubernetes/errors.js';
import { errorText } from '../../lib/errors.js';
import type { ResourceView } from '../../sdk/resource.js';
import type { ResourceClient } from '../../sdk/resource-client.js';
import type { ResourceProvider } from '../../sdk/runtime/provider.js';
import type { ReconcileContext } from '../../sdk/runtime/reconciler.js';
import type { Clusters, RuntimeSpec } from '../cluster/clusters.js';
import { lookAtNodes } from './nodes.js';
import { type LeaveAction, leave, lookAtLeaving, planLeaving } from './removal.js';
import { createRights, type Rights } from './rights.js';
import { type RuntimeObservation, runtimeStatus } from './status.js';

export interface RuntimeProviderOptions {
  readonly client: ResourceClient<RuntimeSpec>;
  readonly clusters: Clusters;
  /** Answers questions about what runs there. Left out: it answers none. */
  readonly probe?: NonNullable<ResourceProvider<RuntimeSpec, never, never>['probe']>;
}

/** Looks at clusters. It changes nothing in them but at the end, when it takes away what its registration made. */
export function createRuntimeProvider(
  options: RuntimeProviderOptions,
): ResourceProvider<RuntimeSpec, RuntimeObservation, LeaveAction> {
  const { clusters, probe } = options;
  const rights = createRights();
  return {
    async observe(runtime, context) {
      if (runtime.deletionRequestedAt !== null) return lookAtLeaving(options, runtime, context);
      const observation = await look(clusters, rights, runtime, context);
      // A renewed credential is only seen by those who log in anew.
      if (observation.type === 'refused') await clusters.drop(runtime.id);
      // A cluster that answers again may be another one.
      if (observation.type !== 'reachable') rights.forget(runtime.id);
      const wasAway = runtime.status.health === 'Unknown' || runtime.status.health === 'Degraded';
      if (observation.type === 'reachable' && wasAway) clusters.wakeFollowers(runtime.id);
      return observation;
    },
    async forget({ id }) {
      rights.forget(id);
      clusters.setAway(id, null);
      await clusters.drop(id);
    },
    ...(probe && { probe }),
    diff: () => [],
    removal: (_runtime, observation) => planLeaving(observation),
    apply: (runtime, action, context) => leave(options, runtime, action, context),
    status: (runtime, observation) => runtimeStatus(runtime, observation),
  };
}

async function look(
  clusters: Clusters,
  rights: Rights,
  runtime: ResourceView<RuntimeSpec>,
  context: ReconcileContext,
): Promise<RuntimeObservation> {
  const { signal } = context;
  try {
    const { driver } = await clusters.refresh(runtime, context);
    const version = await driver.version(signal);
    const nodes = await lookAtNodes(driver, signal);
    const missingRights = await rights.missing(runtime, driver, signal);
    const lifetime = clusters.tokenLifetime(runtime.id);
    const credentialExpiresAt = lifetime && new Date(lifetime.expiresAtMs).toISOString();
    clusters.setAway(runtime.id, null);
    return { type: 'reachable', version, ...nodes, missingRights, credentialExpiresAt };
  } catch (error) {
    if (error instanceof CredentialRefusedError) return { type: 'refused', message: errorText(error) };
    clusters.setAway(runtime.id, error instanceof UnreachableError ? error : null);
    if (error instanceof UnreachableError) return { type: 'unreachable', message: errorText(error) };
    if (error instanceof KubernetesError) {
      return { type: 'failing', isThrottled: error instanceof ThrottledError, message: errorText(error) };
    }
    throw error;
  }
}
