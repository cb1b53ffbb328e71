import type { Clock } from '../../lib/clock.js';
import type { Random } from '../../lib/random.js';
import { createClusterAdmission } from './admission/cluster-admission.js';
import { createClusterControllers } from './cluster-controllers.js';
import { type ClusterStore, createClusterStore } from './cluster-store.js';
import type { Delays } from './delays.js';
import type { Faults } from './faults.js';
import { createWatchers, type Watchers } from './watchers.js';
import { createWrites, isoSeconds, type Writes } from './writes.js';

/** One cluster of the sandbox. */
export interface SandboxCluster {
  readonly store: ClusterStore;
  readonly writes: Writes;
  readonly watchers: Watchers;
  wakeAll(): void;
  close(): void;
}

export interface SandboxClusterOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly delays: Delays;
  readonly faults: Faults;
}

export function createSandboxCluster(name: string, options: SandboxClusterOptions): SandboxCluster {
  const { clock, random, delays, faults } = options;
  const store = createClusterStore(name);
  const admission = createClusterAdmission(store, faults);
  const writes = createWrites({ store, clock, random, admission });
  const controllers = createClusterControllers({ store, clock, random, delays, faults, admission, writes });
  const watchers = createWatchers(store, clock);
  return {
    store,
    writes,
    watchers,
    wakeAll: () => controllers.wakeAll(),
    close() {
      controllers.close();
      watchers.close();
    },
  };
}

/** What a new cluster has: its nodes, the usual namespaces and a storage class. */
export function furnish(
  cluster: SandboxCluster,
  options: SandboxClusterOptions,
  nodes: readonly NodeWish[] = ownNodes,
): void {
  const creationTimestamp = isoSeconds(options.clock.now());
  const put = (apiVersion: string, kind: string, name: string, rest: Readonly<Record<string, unknown>>) =>
    cluster.store.put({ apiVersion, kind, metadata: { name, uid: options.random.uuid(), creationTimestamp }, ...rest });
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
    put('v1', 'Namespace', name, { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } });
  }
  for (const node of nodes) addNode(cluster, options, node);
  put('storage.k8s.io/v1', 'StorageClass', 'standard', {
    provisioner: 'sandbox',
    reclaimPolicy: 'Delete',
    allowVolumeExpansion: true,
    volumeBindingMode: 'Immediate',
  });
  // Like any API server, this one does not know the changes from before it began.
  cluster.store.history.forgetBefore(cluster.store.version);
}

/** Nodes of a cluster that no cloud made. */
const ownNodes: readonly NodeWish[] = [1, 2, 3].map((number) => ({
  name: `sandbox-${number}`,
  cpu: 16,
  memoryGib: 64,
  labels: {},
}));

export interface NodeWish {
  readonly name: string;
  readonly cpu: number;
  readonly memoryGib: number;
  readonly labels: Readonly<Record<string, string>>;
}

export function addNode(cluster: SandboxCluster, options: SandboxClusterOptions, node: NodeWish): void {
  const creationTimestamp = isoSeconds(options.clock.now());
  const { name, labels } = node;
  const resources = { cpu: String(node.cpu), memory: `${node.memoryGib}Gi`, pods: '50000' };
  const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: creationTimestamp };
  const nodeInfo = { kubeletVersion: 'v1.36.2+sandbox', operatingSystem: 'linux', architecture: 'amd64' };
  const labelled = Object.keys(labels).length > 0 ? { labels } : {};
  cluster.store.put({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: options.random.uuid(), creationTimestamp, ...labelled },
    spec: {},
    status: { capacity: resources, allocatable: resources, conditions: [ready], nodeInfo },
  });
}
