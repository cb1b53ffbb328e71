import type { KubernetesDriver } from '../drivers/kubernetes/driver.js';
import { createKubernetesDriver } from '../drivers/kubernetes/kubernetes-driver.js';
import { createSandboxDriver } from '../drivers/sandbox/driver.js';
import type { Clock } from '../lib/clock.js';
import { TerminalError } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import type { RuntimeSpec } from './clusters.js';

export interface OpenDriverOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Where the sandbox listens; null: there is none here. */
  readonly sandboxSocketPath: string | null;
}

/** The driver that the provider of a runtime needs. Throws TerminalError for a spec that names no cluster. */
export function openDriver(runtimeId: string, spec: RuntimeSpec, options: OpenDriverOptions): KubernetesDriver {
  switch (spec.provider) {
    case 'sandbox': {
      const { sandboxSocketPath: socketPath, clock } = options;
      if (socketPath !== null) return createSandboxDriver({ socketPath, cluster: runtimeId, clock });
      throw new Error(
        'This controller process knows no sandbox. Start it with PORTOLAN_SANDBOX_SOCKET, or run the all in one.',
      );
    }
    case 'kubeconfig': {
      if (spec.cluster) return createKubernetesDriver(spec.cluster, options);
      throw new TerminalError('A runtime with provider kubeconfig needs spec.cluster: where it is and how to log in.');
    }
  }
}
