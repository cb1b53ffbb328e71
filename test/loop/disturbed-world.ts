import { join } from 'node:path';
import { type ControlPlane, startControlPlane } from '../helpers/control-plane.js';
import { type DisturbingProxy, startSocketProxy, startTlsProxy } from '../helpers/disturbing-proxy.js';
import { startRealWorld } from './real-world.js';
import { startSandboxWorld } from './sandbox-world.js';
import type { LoopWorld } from './world.js';

/** A cluster that controllers reach through a proxy that disturbs. The tests themselves reach it past that. */
export interface DisturbedWorld extends LoopWorld {
  readonly proxy: DisturbingProxy;
  /** Takes the API server itself away, as a crash would, and brings it back. null: it cannot be taken away. */
  readonly apiServer: Pick<ControlPlane, 'stopApiServer' | 'startApiServer'> | null;
  close(): Promise<void>;
}

export async function startDisturbedSandbox(folder: string): Promise<DisturbedWorld> {
  const world = await startSandboxWorld(folder);
  const proxy = await startSocketProxy({
    socketPath: world.sandbox.socketPath,
    proxyPath: join(folder, 'proxy.sock'),
  });
  return {
    ...world,
    sandboxSocketPath: proxy.address,
    proxy,
    apiServer: null,
    async close() {
      await proxy.close();
      await world.sandbox.close();
    },
  };
}

/** A plane of its own: what is disturbed here would disturb others. */
export async function startDisturbedPlane(): Promise<DisturbedWorld> {
  const plane = await startControlPlane();
  const world = await startRealWorld(plane);
  const proxy = await startTlsProxy(plane);
  const cluster = { server: proxy.address, certificateAuthority: proxy.caPem, token: plane.adminToken };
  return {
    ...world,
    runtimeSpec: { provider: 'kubeconfig', cluster },
    proxy,
    apiServer: plane,
    async close() {
      await proxy.close();
      await world.close();
      await plane.close();
    },
  };
}
