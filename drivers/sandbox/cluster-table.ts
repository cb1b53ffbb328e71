import { UnreachableError } from '../kubernetes/errors.js';
import { type CloudLinkedClusters, isCloudCluster } from './cloud/cluster-link.js';
import type { StoreChange } from './cluster-store.js';
import type { ClusterRecord } from './journal.js';
import {
  addNode,
  createSandboxCluster,
  furnish,
  type SandboxCluster,
  type SandboxClusterOptions,
} from './sandbox-cluster.js';

/** The Kubernetes clusters of a world, by name: each is made when it is first asked for, but those that a cloud makes. */
export interface ClusterTable {
  /** Throws UnreachableError for one of the cloud's that is not there. */
  find(name: string): SandboxCluster;
  all(): readonly SandboxCluster[];
  /** Those that a cloud makes and takes away. */
  readonly linked: CloudLinkedClusters;
  /** Puts back what an earlier process had. `goOn` follows. */
  restore(record: ClusterRecord): void;
  goOn(): void;
  /** Everything that is there, for a snapshot. */
  dump(): Iterable<ClusterRecord>;
  close(): void;
}

/** `onChange`: called with every change. */
export function createClusterTable(
  parts: SandboxClusterOptions,
  onChange: (record: ClusterRecord) => void,
): ClusterTable {
  const clusters = new Map<string, SandboxCluster>();

  const open = (name: string): SandboxCluster => {
    const cluster = createSandboxCluster(name, parts);
    let unwritten = 0;
    cluster.store.onChange((change) => {
      unwritten = change.typeId === eventTypeId ? unwritten + 1 : 0;
      if (unwritten === 0) onChange(toRecord(name, change));
      else if (unwritten % MOST_UNWRITTEN === 0) onChange({ cluster: name, version: change.version });
    });
    clusters.set(name, cluster);
    return cluster;
  };
  const drop = (name: string) => {
    const cluster = clusters.get(name);
    clusters.delete(name);
    cluster?.watchers.cutAll(noAnswer(name, 'the connection was cut'));
    cluster?.close();
  };

  return {
    find(name) {
      const found = clusters.get(name);
      if (found) return found;
      if (isCloudCluster(name)) throw noAnswer(name, 'its name was not found');
      const cluster = open(name);
      furnish(cluster, parts);
      return cluster;
    },
    all: () => [...clusters.values()],
    linked: {
      names: () => [...clusters.keys()].filter(isCloudCluster),
      open: (name) => furnish(open(name), parts, []),
      drop(name) {
        onChange({ cluster: name, version: clusters.get(name)?.store.version ?? 0, isDropped: true });
        drop(name);
      },
      nodes: (name) => clusters.get(name)?.store.list('/Node', null) ?? [],
      addNode(name, node) {
        const cluster = clusters.get(name);
        if (cluster) addNode(cluster, parts, node);
      },
      removeNode: (name, node) => clusters.get(name)?.store.remove(node),
    },
    restore({ cluster: name, version, object = null, removed = null, isDropped }) {
      if (isDropped) drop(name);
      else (clusters.get(name) ?? open(name)).store.restore(version, object, removed);
    },
    goOn() {
      for (const { store, wakeAll } of clusters.values()) {
        store.restore(store.version + MOST_UNWRITTEN, null, null);
        wakeAll();
      }
    },
    *dump() {
      for (const [name, { store }] of clusters) {
        yield { cluster: name, version: store.version };
        for (const object of store.all()) {
          if (object.kind === 'Event') continue;
          yield { cluster: name, version: Number(object.metadata.resourceVersion), object };
        }
      }
    },
    close() {
      for (const cluster of clusters.values()) cluster.close();
    },
  };
}

/**
 * Events are most of what changes, and nobody needs them of a cluster that was down: they are not written. So that no
 * version is ever given twice, a restart passes over as many as may have been given to them since the last that was written.
 */
const eventTypeId = '/Event';
const MOST_UNWRITTEN = 10_000;

export function noAnswer(cluster: string, why: string): UnreachableError {
  return new UnreachableError(`Cannot reach the API server at sandbox/${cluster}: ${why}.`);
}

function toRecord(cluster: string, change: StoreChange): ClusterRecord {
  const { version, after, before } = change;
  if (after) return { cluster, version, object: after };
  if (!before) return { cluster, version };
  const { apiVersion, kind, metadata } = before;
  const { name, namespace } = metadata;
  return {
    cluster,
    version,
    removed: { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } },
  };
}
