import { join } from 'node:path';
import { startSandbox } from '../../drivers/sandbox/start.js';
import { silentLog } from '../../lib/log.js';
import type { ClusterObject } from './cluster-object.js';
import type { OutsideCluster } from './outside-cluster.js';

/** A simulated cluster and cloud, in a process of their own. */
export async function startSandboxCluster(folder: string): Promise<OutsideCluster> {
  const sandbox = await startSandbox({ folder: join(folder, 'sandbox'), seed: 1, log: silentLog, isFast: true });
  const { control, socketPath } = sandbox;
  return {
    runtimeSpec: { provider: 'sandbox', default: true },
    sandboxSocketPath: socketPath,
    async objects() {
      const found = await control.objects({});
      return found
        .map(({ object }) => object as unknown as ClusterObject)
        .filter(
          ({ kind, metadata }) => kind !== 'Event' && metadata.labels?.['app.kubernetes.io/managed-by'] !== undefined,
        );
    },
    cloud: () => control.cloudResources({}),
    close: () => sandbox.close(),
  };
}
