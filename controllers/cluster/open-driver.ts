import { type AdaptiveTransport, createAdaptiveTransport } from '../../drivers/kubernetes/adaptive-transport.js';
import { createApiDriver } from '../../drivers/kubernetes/api-driver.js';
import type { KubernetesDriver } from '../../drivers/kubernetes/driver.js';
import { createKubernetesTransport } from '../../drivers/kubernetes/kubernetes-driver.js';
import type { Transport } from '../../drivers/kubernetes/transport.js';
import { createSandboxTransport } from '../../drivers/sandbox/driver.js';
import type { Clock } from '../../lib/clock.js';
import { TerminalError } from '../../lib/errors.js';
import type { Failpoint } from '../../lib/failpoint.js';
import type { Log } from '../../lib/log.js';
import type { SandboxAccess } from '../sandbox-access.js';
import type { RuntimeSpec } from './clusters.js';
import { withLostReplies } from './with-lost-replies.js';

export interface OpenDriverOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Where the sandbox listens; null: there is none here. */
  readonly sandboxSocketPath: string | null;
  /** In the place of the socket. */
  readonly sandbox?: SandboxAccess;
  /** Told of each answer that the credential is not accepted. */
  onRefused?(): void;
  readonly failpoint?: Failpoint;
}

export interface OpenedDriver extends Pick<AdaptiveTransport, 'load'> {
  readonly driver: KubernetesDriver;
}

/**
 * The driver that the provider of a runtime needs; it asks for as much at a time as that cluster can take.
 * `cluster`: its name in the sandbox. Throws TerminalError for a spec that names no cluster.
 */
export function openDriver(cluster: string, spec: RuntimeSpec, options: OpenDriverOptions): OpenedDriver {
  const transport = createAdaptiveTransport(openTransport(cluster, spec, options), options);
  const { failpoint } = options;
  const driver = createApiDriver(transport);
  return { driver: failpoint ? withLostReplies(driver, failpoint) : driver, load: transport.load };
}

function openTransport(cluster: string, spec: RuntimeSpec, options: OpenDriverOptions): Transport {
  switch (spec.provider) {
    case 'cloud':
    case 'sandbox': {
      const { sandboxSocketPath: socketPath, sandbox, clock } = options;
      if (sandbox) return sandbox.openTransport(cluster);
      if (socketPath !== null) return createSandboxTransport({ socketPath, cluster, clock });
      throw new Error(
        'This controller process knows no sandbox. Start it with PORTOLAN_SANDBOX_SOCKET, or run the all in one.',
      );
    }
    case 'kubeconfig': {
      if (spec.cluster) return createKubernetesTransport(spec.cluster, options);
      throw new TerminalError('A runtime with provider kubeconfig needs spec.cluster: where it is and how to log in.');
    }
  }
}
