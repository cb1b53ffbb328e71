import {
  CredentialRefusedError,
  DeniedError,
  KubernetesError,
  UnreachableError,
} from '../../drivers/kubernetes/errors.js';
import { conditionOf } from '../../drivers/kubernetes/object-fields.js';
import { errorText } from '../../lib/errors.js';
import type { ResourceView } from '../../sdk/resource.js';
import type { ResourceProvider } from '../../sdk/runtime/provider.js';
import type { ReconcileContext } from '../../sdk/runtime/reconciler.js';
import type { Cluster } from '../cluster.js';
import type { Clusters, RuntimeSpec } from '../clusters.js';
import { type RuntimeObservation, runtimeStatus } from './status.js';

/** Looks at clusters. It changes nothing in them, so it has no actions. */
export function createRuntimeProvider(clusters: Clusters): ResourceProvider<RuntimeSpec, RuntimeObservation, never> {
  return {
    async observe(runtime, context) {
      if (runtime.deletionRequestedAt !== null) {
        await clusters.drop(runtime.id);
        return { type: 'leaving' };
      }
      const observation = await look(clusters, runtime, context);
      // A renewed credential is only seen by those who log in anew.
      if (observation.type === 'refused') await clusters.drop(runtime.id);
      const wasAway = runtime.status.health === 'Unknown' || runtime.status.health === 'Degraded';
      if (observation.type === 'reachable' && wasAway) clusters.wakeFollowers(runtime.id);
      return observation;
    },
    diff: () => [],
    apply: () => Promise.resolve(),
    removal: () => [],
    status: (_runtime, observation) => runtimeStatus(observation),
  };
}

async function look(
  clusters: Clusters,
  runtime: ResourceView<RuntimeSpec>,
  context: ReconcileContext,
): Promise<RuntimeObservation> {
  try {
    const cluster = await clusters.refresh(runtime, context);
    const version = await cluster.driver.version(context.signal);
    return { type: 'reachable', version, ...(await countNodes(cluster, context.signal)) };
  } catch (error) {
    if (error instanceof CredentialRefusedError) return { type: 'refused', message: errorText(error) };
    if (error instanceof UnreachableError) return { type: 'unreachable', message: errorText(error) };
    if (error instanceof KubernetesError) return { type: 'failing', message: errorText(error) };
    throw error;
  }
}

/** Nothing when the credential may not list nodes: not every cluster lets its users see them. */
async function countNodes({ driver }: Cluster, signal: AbortSignal) {
  const type = await driver.resolve('v1', 'Node', signal);
  if (!type) return {};
  try {
    const { objects } = await driver.list(type, { selector: '', signal });
    const ready = objects.filter((node) => conditionOf(node, 'Ready')?.status === 'True');
    return { nodes: objects.length, nodesReady: ready.length };
  } catch (error) {
    if (error instanceof DeniedError) return {};
    throw error;
  }
}
