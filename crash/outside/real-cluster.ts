import { Agent, request } from 'node:https';
import { json } from 'node:stream/consumers';
import type { SharedControlPlane } from '../../test/helpers/shared-control-plane.js';
import type { ClusterObject } from './cluster-object.js';
import type { OutsideCluster } from './outside-cluster.js';
import { startSandboxCluster } from './sandbox-cluster.js';

/** A real control plane, read past all drivers of ours; its cloud is the simulated one. Whoever started the plane closes it. */
export async function openRealCluster(plane: SharedControlPlane, folder: string): Promise<OutsideCluster> {
  const { server, caPem, adminToken } = plane;
  const sandbox = await startSandboxCluster(folder);
  const agent = new Agent({ keepAlive: true, ca: caPem });
  const list = async ({ path, apiVersion, kind }: ListedKind): Promise<readonly ClusterObject[]> => {
    const { items } = await get<{ items: ClusterObject[] }>(
      agent,
      new URL(`${path}?labelSelector=${ours}`, server),
      adminToken,
    );
    // Items of a list do not say what they are.
    return items.map((item) => ({ ...item, apiVersion, kind }));
  };
  return {
    runtimeSpec: {
      provider: 'kubeconfig',
      default: true,
      cluster: { server, certificateAuthority: caPem, token: adminToken },
    },
    sandboxSocketPath: sandbox.sandboxSocketPath,
    objects: async () => (await Promise.all(listed.map(list))).flat(),
    cloud: () => sandbox.cloud(),
    async close() {
      agent.destroy();
      await sandbox.close();
    },
  };
}

const ours = encodeURIComponent('app.kubernetes.io/managed-by=portolan');

interface ListedKind {
  readonly path: string;
  readonly apiVersion: string;
  readonly kind: string;
}

const listed: readonly ListedKind[] = [
  { path: '/api/v1/namespaces', apiVersion: 'v1', kind: 'Namespace' },
  { path: '/api/v1/configmaps', apiVersion: 'v1', kind: 'ConfigMap' },
  { path: '/api/v1/secrets', apiVersion: 'v1', kind: 'Secret' },
  { path: '/api/v1/services', apiVersion: 'v1', kind: 'Service' },
  { path: '/api/v1/pods', apiVersion: 'v1', kind: 'Pod' },
  { path: '/apis/apps/v1/deployments', apiVersion: 'apps/v1', kind: 'Deployment' },
  { path: '/apis/apps/v1/replicasets', apiVersion: 'apps/v1', kind: 'ReplicaSet' },
];

function get<Answer>(agent: Agent, url: URL, token: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { agent, headers: { authorization: `Bearer ${token}` }, timeout: TIMEOUT_MS },
      (response) => {
        const body = json(response) as Promise<Answer>;
        if (response.statusCode === 200) body.then(resolve, reject);
        else body.then((text) => reject(new Error(`${url.pathname} answered ${JSON.stringify(text)}`)), reject);
      },
    );
    asked.once('timeout', () => asked.destroy(new Error(`${url.pathname} did not answer`)));
    asked.once('error', reject);
    asked.end();
  });
}

const TIMEOUT_MS = 20_000;
