import type { Clock } from '../../lib/clock.js';
import { createApiDriver } from '../kubernetes/api-driver.js';
import type { KubernetesDriver } from '../kubernetes/driver.js';
import { createHttpTransport } from '../kubernetes/http-transport.js';
import type { Transport } from '../kubernetes/transport.js';
import { createMemoryTransport } from './memory-transport.js';
import type { SandboxWorld } from './world.js';

export interface SandboxDriverOptions {
  /** Of the sandbox process, as startSandbox returns it. */
  readonly socketPath: string;
  /** The cluster's name: the id of the runtime. It is made when it is first asked for. */
  readonly cluster: string;
  readonly clock: Clock;
  /** How long one answer may take, in milliseconds. 30 seconds when left out. */
  readonly requestTimeoutMs?: number;
}

/** The driver of a cluster in the sandbox process. */
export function createSandboxDriver(options: SandboxDriverOptions): KubernetesDriver {
  return createApiDriver(createSandboxTransport(options));
}

/** What that driver sends its requests by. */
export function createSandboxTransport(options: SandboxDriverOptions): Transport {
  const server = `http://sandbox/clusters/${encodeURIComponent(options.cluster)}`;
  return createHttpTransport({ server }, { ...options, displayHost: `sandbox/${options.cluster}` });
}

/** The driver of a cluster in a world of this process, for simulations and tests. */
export function createInMemoryDriver(world: SandboxWorld, cluster: string): KubernetesDriver {
  return createApiDriver(createMemoryTransport(world, cluster));
}
