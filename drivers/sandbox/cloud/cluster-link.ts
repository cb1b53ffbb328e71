import { isJsonObject, type JsonObject } from '../../../lib/canonical.js';
import type { CloudType } from '../../cloud/driver.js';
import type { KubernetesObject } from '../../kubernetes/driver.js';
import type { NodeWish } from '../sandbox-cluster.js';
import type { CloudEntry } from './cloud-entry.js';
import type { CloudStore } from './cloud-store.js';

/** The Kubernetes clusters of the world that are there only as long as the cloud has a cluster for them. */
export interface CloudLinkedClusters {
  names(): readonly string[];
  /** Makes one that has no nodes yet. */
  open(name: string): void;
  /** With all that is in it. */
  drop(name: string): void;
  nodes(name: string): readonly KubernetesObject[];
  addNode(name: string, node: NodeWish): void;
  removeNode(name: string, node: KubernetesObject): void;
}

/** Whether a Kubernetes cluster of that name is there only by the cloud. */
export function isCloudCluster(name: string): boolean {
  return name.startsWith('cloud-');
}

/** Makes the Kubernetes clusters be those that the cloud has, with the nodes of their node groups, after a change of a `changed`. */
export function linkClusters(store: CloudStore, clusters: CloudLinkedClusters, changed: CloudType): void {
  if (changed !== 'cluster' && changed !== 'nodeGroup') return;
  const entries = store.all();
  const made = entries.filter(({ type, state }) => type === 'cluster' && state !== 'creating' && state !== 'failed');
  const wanted = new Map(made.map((entry) => [String(entry.properties.kubernetesName), entry]));
  for (const name of clusters.names()) if (!wanted.has(name)) clusters.drop(name);
  for (const [name, cluster] of wanted) {
    if (!clusters.names().includes(name)) clusters.open(name);
    const nodes = new Map(entries.filter((entry) => isGroupOf(entry, cluster)).flatMap(nodesOf));
    const there = clusters.nodes(name);
    for (const node of there) if (!nodes.has(node.metadata.name)) clusters.removeNode(name, node);
    const names = new Set(there.map((node) => node.metadata.name));
    for (const node of nodes.values()) if (!names.has(node.name)) clusters.addNode(name, node);
  }
}

function isGroupOf(entry: CloudEntry, cluster: CloudEntry): boolean {
  const isIn = entry.type === 'nodeGroup' && entry.properties.cluster === cluster.name;
  const isNear = entry.account === cluster.account && entry.region === cluster.region;
  return isIn && isNear && entry.state !== 'creating' && entry.state !== 'failed';
}

function nodesOf({ suffix, properties }: CloudEntry): readonly (readonly [string, NodeWish])[] {
  const { cpu, memoryGib, nodes, labels } = properties;
  return Array.from({ length: Number(nodes) }, (_, index) => {
    const name = `node-${suffix}-${index + 1}`;
    return [name, { name, cpu: Number(cpu), memoryGib: Number(memoryGib), labels: texts(labels) }] as const;
  });
}

function texts(value: unknown): Readonly<Record<string, string>> {
  const object: JsonObject = isJsonObject(value) ? value : {};
  return Object.fromEntries(Object.entries(object).map(([name, text]) => [name, String(text)]));
}
