import type { KubernetesDriver } from '../../drivers/kubernetes/driver.js';
import { tokenLifetimeSeconds } from '../../drivers/kubernetes/token-lifetime.js';
import { errorText } from '../../lib/errors.js';
import type { ResourceClient } from '../../sdk/resource-client.js';
import type { ReconcileContext } from '../../sdk/runtime/reconciler.js';
import type { Clusters, RuntimeSpec } from '../cluster/clusters.js';
import type { TokenLifetime } from '../cluster/token-lifetime.js';

export interface RenewalOptions {
  readonly client: ResourceClient<RuntimeSpec>;
  readonly clusters: Clusters;
  /** `spec` holds plaintext: it is kept by the driver alone. */
  openDriver(runtimeId: string, spec: RuntimeSpec): KubernetesDriver;
}

/** When this process renewed the token of a runtime last, by its own clock. May be lost. */
export type Renewals = Map<string, number>;

/**
 * Renews the token of a runtime's service account when half of its time is over: it asks the cluster for one with the
 * token that it has, tries it, and only then keeps it, so that a good token is never replaced by a bad one. A failure
 * is told as an event; the old token is used on, and the next look tries again. Returns whether it was renewed.
 */
export async function renewIfDue(
  options: RenewalOptions,
  renewals: Renewals,
  runtimeId: string,
  context: ReconcileContext,
): Promise<boolean> {
  const { client, clusters } = options;
  const nowMs = context.clock.now();
  if (!isDue(clusters.tokenLifetime(runtimeId), nowMs, renewals.get(runtimeId))) return false;
  const runtime = await client.get(runtimeId, context);
  const cluster = runtime?.spec.cluster;
  if (!runtime || !cluster?.serviceAccount || runtime.deletionRequestedAt !== null) return false;
  const { namespace, name } = cluster.serviceAccount;
  try {
    const { driver } = await clusters.get(runtimeId, context);
    const asked = { namespace, serviceAccount: name, expiresInSeconds: tokenLifetimeSeconds, signal: context.signal };
    const { token } = await driver.requestToken(asked);
    await tryToken(options, runtimeId, { ...runtime.spec, cluster: withToken(cluster, token) }, context.signal);
    await client.storeSecret(runtimeId, { name: 'cluster/token', value: token }, context);
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.warn('The token of a runtime could not be renewed', { id: runtimeId, error: errorText(error) });
    const message = `The token of its service account could not be renewed: ${errorText(error)} It is tried again. By hand: portolan runtime add ${runtime.name} --renew --kubeconfig PATH`;
    context.event({ type: 'Warning', reason: 'RenewalFailed', message, object: '' });
    return false;
  }
  clusters.renew(runtimeId);
  renewals.set(runtimeId, nowMs);
  const message = 'The token of its service account was renewed.';
  context.event({ type: 'Normal', reason: 'CredentialRenewed', message, object: '' });
  return true;
}

function isDue(lifetime: TokenLifetime | null, nowMs: number, renewedAtMs = Number.NEGATIVE_INFINITY): boolean {
  if (!lifetime) return false;
  const halfMs = (lifetime.expiresAtMs - lifetime.issuedAtMs) / 2;
  // The second: with a clock that is ahead of the cluster's, a new token looks as old as the one before.
  return nowMs >= lifetime.issuedAtMs + halfMs && nowMs >= renewedAtMs + halfMs;
}

type Cluster = NonNullable<RuntimeSpec['cluster']>;

/** A client certificate of former times would win over the token. */
function withToken({ clientCertificate: _certificate, clientKey: _key, ...cluster }: Cluster, token: string): Cluster {
  return { ...cluster, token };
}

async function tryToken(
  { openDriver }: RenewalOptions,
  runtimeId: string,
  spec: RuntimeSpec,
  signal: AbortSignal,
): Promise<void> {
  const driver = openDriver(runtimeId, spec);
  try {
    await driver.version(signal);
  } finally {
    await driver.close();
  }
}
