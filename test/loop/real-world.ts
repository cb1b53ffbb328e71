import { createKubernetesDriver } from '../../drivers/kubernetes/kubernetes-driver.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import type { SeenObject } from '../helpers/agreement/seen-object.js';
import type { Kubectl } from '../helpers/control-plane/kubectl.js';
import { type SharedControlPlane, sharedControlPlane } from '../helpers/shared-control-plane.js';
import { startTcpProxy } from '../helpers/tcp-proxy.js';
import type { LoopWorld } from './world.js';

export interface RealLoopWorld extends LoopWorld {
  readonly plane: SharedControlPlane;
  close(): Promise<void>;
}

/** A real control plane, which the runtimes reach by a way that can be cut. */
export async function startRealWorld(): Promise<RealLoopWorld> {
  const plane = await sharedControlPlane();
  const { hostname: host, port } = new URL(plane.server);
  const proxy = await startTcpProxy({ host, port: Number(port) });
  const access = { certificateAuthority: plane.caPem, token: plane.adminToken };
  return {
    plane,
    runtimeSpec: { provider: 'kubeconfig', cluster: { server: `https://127.0.0.1:${proxy.port}`, ...access } },
    sandboxSocketPath: null,
    openDriver: () =>
      createKubernetesDriver({ server: plane.server, ...access }, { clock: systemClock, log: silentLog }),
    readAll: () => readAll(plane.kubectl),
    goAway: () => proxy.cut(),
    comeBack: () => proxy.mend(),
    patienceMs: 120_000,
    close: () => proxy.close(),
  };
}

/** Of no use to compare, and many. */
const passedOver = /^(events|leases|componentstatuses|endpoints|endpointslices|controllerrevisions)(\.|$)/;

async function readAll(kubectl: Kubectl): Promise<readonly SeenObject[]> {
  const served = await kubectl(['api-resources', '--verbs=list', '--output=name']);
  const kinds = served.split('\n').filter((name) => name !== '' && !passedOver.test(name));
  const { items } = JSON.parse(await kubectl(['get', kinds.join(), '--all-namespaces', '--output=json']));
  return items;
}
