import { createHttpTransport } from '../../drivers/kubernetes/http-transport.js';
import { createSandboxDriver } from '../../drivers/sandbox/driver.js';
import { type Sandbox, startSandbox } from '../../drivers/sandbox/start.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import type { SeenObject } from '../helpers/agreement/seen-object.js';
import type { LoopWorld } from './world.js';

export interface SandboxLoopWorld extends LoopWorld {
  readonly sandbox: Sandbox;
}

/** A simulated world in a process of its own; each runtime is a cluster in it. */
export async function startSandboxWorld(folder: string): Promise<SandboxLoopWorld> {
  const sandbox = await startSandbox({ folder, seed: 1, log: silentLog, isFast: true });
  const { socketPath, control } = sandbox;
  return {
    sandbox,
    runtimeSpec: { provider: 'sandbox', default: true },
    sandboxSocketPath: socketPath,
    openDriver: (cluster) => createSandboxDriver({ socketPath, cluster, clock: systemClock }),
    openTransport: (cluster) =>
      createHttpTransport({ server: `http://sandbox/clusters/${cluster}` }, { socketPath, clock: systemClock }),
    async readAll(cluster) {
      const found = await control.objects({ cluster });
      return found.map(({ object }) => object as unknown as SeenObject).filter(({ kind }) => kind !== 'Event');
    },
    async goAway(cluster) {
      await control.setFault({ kind: 'apiDown', match: { cluster } });
    },
    comeBack: () => control.clearFaults(),
    async editByHand(cluster, key, patch) {
      await control.editByHand(cluster, key, patch, 'kubectl-patch');
    },
    async deleteByHand(cluster, key) {
      await control.deleteByHand(cluster, key);
    },
    patienceMs: 60_000,
  };
}
