import type { SimulatedDatabase } from './database/simulated-database.js';

/** What the world calls clusters of runtimes. It remembers those of runtimes that are gone. */
export interface ClusterNames {
  look(): void;
  of(runtimeId: string): string;
}

/** Clusters that were there before are called as their runtime, those that a cloud makes by the id of their CloudCluster. */
export function createClusterNames(database: Pick<SimulatedDatabase, 'rows'>): ClusterNames {
  const names = new Map<string, string>();
  const made: ClusterNames = {
    look() {
      for (const { fromId, path, toId } of database.rows('reference')) {
        if (path.endsWith('cluster')) names.set(fromId, `cloud-${toId}`);
      }
    },
    of(runtimeId) {
      if (!names.has(runtimeId)) made.look();
      return names.get(runtimeId) ?? runtimeId;
    },
  };
  return made;
}
