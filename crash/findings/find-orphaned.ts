import { instanceOf, titleOf, workloadOf } from '../outside/cluster-object.js';
import type { SeenWorld } from '../outside/seen-world.js';

/** What is outside, carries our labels, and belongs to no resource, a sentence each. */
export function findOrphaned({ stored, objects, cloud }: SeenWorld): readonly string[] {
  const resources = new Set(stored.resources.map(({ id }) => id));
  const inventory = new Map(stored.inventory.map((row) => [[row.kind, row.namespace, row.name].join('/'), row]));
  return [
    ...objects.flatMap((object) => {
      const title = titleOf(object);
      const instance = instanceOf(object);
      const workload = workloadOf(object);
      if (instance === null || !resources.has(instance))
        return [`${title} is of the app instance ${instance}, which does not exist.`];
      if (workload === null) return [];
      if (!resources.has(workload)) return [`${title} is of the workload ${workload}, which does not exist.`];
      const row = inventory.get([object.kind, object.metadata.namespace ?? '', object.metadata.name].join('/'));
      if (row?.resourceId !== workload) return [`${title} is in no inventory of the workload ${workload}.`];
      if (row.uid === (object.metadata.uid ?? null)) return [];
      return [`${title} is ${object.metadata.uid} in the cluster, and ${row.uid} in the inventory.`];
    }),
    ...cloud.flatMap(({ type, name, tags }) => {
      const resource = tags['portolan.dev/resource'];
      return resource !== undefined && resources.has(resource)
        ? []
        : [`The ${type} ${name} in the cloud is of ${resource}, which does not exist.`];
    }),
  ];
}
