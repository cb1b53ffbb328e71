import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { createApiDriver } from './api-driver.js';
import type { ClusterAccess, KubernetesDriver } from './driver.js';
import { createHttpTransport } from './http-transport.js';
import type { Transport } from './transport.js';

export interface KubernetesDriverOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** How long one answer may take, in milliseconds. 30 seconds when left out. */
  readonly requestTimeoutMs?: number;
}

/**
 * The driver of a real cluster: Kubernetes' REST API as it is, so that fields this version does not know stay.
 * Throws CredentialRefusedError at once when certificate or key cannot be read. Opens no connection by itself.
 */
export function createKubernetesDriver(access: ClusterAccess, options: KubernetesDriverOptions): KubernetesDriver {
  return createApiDriver(createKubernetesTransport(access, options));
}

/** What that driver sends its requests by. Throws and opens as it does. */
export function createKubernetesTransport(access: ClusterAccess, options: KubernetesDriverOptions): Transport {
  const transport = createHttpTransport(access, options);
  if (access.insecureSkipTlsVerify) {
    options.log.warn('the certificate of the API server is not checked, as asked for', { host: transport.host });
  }
  return transport;
}
