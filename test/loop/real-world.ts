import { splitApiVersion } from '../../drivers/kubernetes/api-version.js';
import type { ObjectKey } from '../../drivers/kubernetes/driver.js';
import { createHttpTransport } from '../../drivers/kubernetes/http-transport.js';
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
export async function startRealWorld(ownPlane?: SharedControlPlane): Promise<RealLoopWorld> {
  const plane = ownPlane ?? (await sharedControlPlane());
  const { hostname: host, port } = new URL(plane.server);
  const proxy = await startTcpProxy({ host, port: Number(port) });
  const access = { certificateAuthority: plane.caPem, token: plane.adminToken };
  return {
    plane,
    runtimeSpec: { provider: 'kubeconfig', cluster: { server: `https://127.0.0.1:${proxy.port}`, ...access } },
    sandboxSocketPath: null,
    openDriver: () =>
      createKubernetesDriver({ server: plane.server, ...access }, { clock: systemClock, log: silentLog }),
    openTransport: () => createHttpTransport({ server: plane.server, ...access }, { clock: systemClock }),
    readAll: () => readAll(plane.kubectl),
    goAway: () => proxy.cut(),
    comeBack: () => proxy.mend(),
    async editByHand(_runtimeId, key, patch) {
      await plane.kubectl(['patch', ...namedFor(key), '--type=merge', '--patch', JSON.stringify(patch)]);
    },
    async deleteByHand(_runtimeId, key) {
      await plane.kubectl(['delete', ...namedFor(key), '--wait=false']);
    },
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

/** As kubectl is told of an object: `Deployment.v1.apps web --namespace shop`. */
function namedFor({ apiVersion, kind, namespace, name }: ObjectKey): readonly string[] {
  const { group, version } = splitApiVersion(apiVersion);
  const type = group === '' ? kind : `${kind}.${version}.${group}`;
  return [type, name, ...(namespace === null ? [] : ['--namespace', namespace])];
}
