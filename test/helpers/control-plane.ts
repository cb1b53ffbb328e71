import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { findTool } from '../../scripts/tools/find-tool.js';
import type { ToolName } from '../../scripts/tools/tool.js';
import { type ApiClient, createApiClient } from './control-plane/api-client.js';
import { type Component, startComponent } from './control-plane/component.js';
import { componentArgs, type PlaneLayout, serverUrl } from './control-plane/components.js';
import { forgetRevisions } from './control-plane/forget-revisions.js';
import { findFreePorts } from './control-plane/free-ports.js';
import { createKubectl, type Kubectl } from './control-plane/kubectl.js';
import { startKubelet } from './control-plane/kubelet.js';
import { writePlaneFiles } from './control-plane/plane-files.js';
import { startVolumeProvisioner } from './control-plane/volume-provisioner.js';

/** Each step takes a second on an idle machine. */
const stepTimeoutMs = 60_000;
/** Only a port that another process took just now makes the next attempt better. */
const startAttempts = 3;
const nodeName = 'node-1';

/** A real control plane of this process: etcd, API server, controller manager, scheduler, and kwok for one node. */
export interface ControlPlane {
  /** The API server's version: `1.36.2`. */
  readonly version: string;
  /** `https://127.0.0.1:PORT`, the same after {@link startApiServer}. */
  readonly server: string;
  readonly caPem: string;
  /** The administrator's kubeconfig, which carries its certificates. */
  readonly kubeconfig: string;
  readonly adminKubeconfigPath: string;
  /** A bearer token of the administrator's. */
  readonly adminToken: string;
  /** Data and logs: NAME.log of every program. Goes with the plane. */
  readonly folder: string;
  readonly kubectlPath: string;
  readonly kubectl: Kubectl;
  /** Takes the API server away at once, as a crash would; its connections break. The data stays. */
  stopApiServer(): Promise<void>;
  /** Brings it back, and returns when it is ready. */
  startApiServer(): Promise<void>;
  /** Nobody knows any more how anything was before now: etcd drops it, and an API server that is started anew has not seen it. */
  forgetPast(): Promise<void>;
  /** Ends all programs and removes the folder. They also end with this process, however it ends. */
  close(): Promise<void>;
}

/** Starts a plane of the caller's own. Takes about four seconds and 600 MB. @throws Error when a tool is missing. */
export async function startControlPlane(): Promise<ControlPlane> {
  const paths = await findPrograms();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(paths);
    } catch (error) {
      const isTaken = error instanceof Error && error.message.includes('address already in use');
      if (!isTaken || attempt === startAttempts) throw error;
    }
  }
}

type Programs = ReadonlyMap<ToolName, string>;

async function start(paths: Programs): Promise<ControlPlane> {
  const folder = createGuardedFolder('portolan-plane-');
  const [etcdPort = 0, etcdPeerPort = 0, apiServerPort = 0] = await findFreePorts(3);
  const layout: PlaneLayout = { folder, etcdPort, etcdPeerPort, apiServerPort };
  const server = serverUrl(layout);
  const run = (name: ToolName) => startComponent(name, pathOf(paths, name), componentArgs(name, layout), folder);
  const components: Component[] = [];
  const begin = (name: ToolName) => {
    const component = run(name);
    components.push(component);
    return component;
  };
  const closers: (() => void)[] = [];
  async function close(): Promise<void> {
    for (const closeOne of closers.splice(0).reverse()) closeOne();
    await Promise.all([...components, apiServer].map((component) => component?.stop()));
    removeGuardedFolder(folder);
  }

  let apiServer: Component | null = null;
  try {
    begin('etcd');
    const credentials = await writePlaneFiles(layout);
    // It waits for etcd by itself.
    apiServer = run('kube-apiserver');
    const api = createApiClient({ server, caPem: credentials.caPem, ...credentials.admin });
    closers.push(() => api.close());
    await apiServer.waitUntil('readiness', () => isReady(api), stepTimeoutMs);

    begin('kube-controller-manager');
    begin('kube-scheduler');
    const pods = begin('kwok');
    const kubelet = await startKubelet({ api, caPem: credentials.caPem, ...credentials.serving });
    closers.push(() => kubelet.close());
    await api.call('POST', '/api/v1/nodes', node(kubelet.port));
    const provisioner = await startVolumeProvisioner(api);
    closers.push(() => provisioner.close());
    await pods.waitUntil('a ready node', () => isNodeReady(api), stepTimeoutMs);
    await pods.waitUntil('a service account for pods', () => hasServiceAccount(api), stepTimeoutMs);

    const startApiServer = async () => {
      await apiServer?.stop();
      apiServer = run('kube-apiserver');
      await apiServer.waitUntil('readiness', () => isReady(api), stepTimeoutMs);
    };
    const { gitVersion } = await api.call<{ gitVersion: string }>('GET', '/version');
    const kubectlPath = pathOf(paths, 'kubectl');
    return {
      version: gitVersion.replace(/^v/, ''),
      server,
      caPem: credentials.caPem,
      kubeconfig: credentials.kubeconfig,
      adminKubeconfigPath: credentials.adminKubeconfigPath,
      adminToken: credentials.adminToken,
      folder,
      kubectlPath,
      kubectl: createKubectl(kubectlPath, credentials.adminKubeconfigPath),
      async stopApiServer() {
        await apiServer?.stop();
      },
      startApiServer,
      async forgetPast() {
        await apiServer?.stop();
        await forgetRevisions(etcdPort);
        await startApiServer();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function findPrograms(): Promise<Programs> {
  const names: readonly ToolName[] = [
    'etcd',
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'kwok',
    'kubectl',
  ];
  const paths = new Map<ToolName, string>();
  for (const name of names) {
    const tool = await findTool(name);
    if (!tool.found) throw new Error(`A control plane cannot start: ${tool.reason}. Get it by: npm run tools`);
    paths.set(name, tool.path);
  }
  return paths;
}

function pathOf(paths: Programs, name: ToolName): string {
  const path = paths.get(name);
  if (path === undefined) throw new Error(`${name} was not looked for`);
  return path;
}

function isReady(api: ApiClient): Promise<boolean> {
  return succeeds(() => api.call('GET', '/readyz'));
}

async function isNodeReady(api: ApiClient): Promise<boolean> {
  const { status } = await api.call<{ status: { conditions?: readonly { type: string; status: string }[] } }>(
    'GET',
    `/api/v1/nodes/${nodeName}`,
  );
  return status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
}

/** Pods are refused in a namespace until the controller manager has made this. */
function hasServiceAccount(api: ApiClient): Promise<boolean> {
  return succeeds(() => api.call('GET', '/api/v1/namespaces/default/serviceaccounts/default'));
}

async function succeeds(call: () => Promise<unknown>): Promise<boolean> {
  return call().then(
    () => true,
    () => false,
  );
}

/** Room for whatever the whole test run wants at once. */
function node(kubeletPort: number): object {
  const room = { cpu: '1000', memory: '4Ti', 'ephemeral-storage': '4Ti', pods: '10000' };
  return {
    metadata: { name: nodeName, labels: { 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': nodeName } },
    status: {
      capacity: room,
      allocatable: room,
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    },
  };
}
