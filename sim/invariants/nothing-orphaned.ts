import { objectTitle, RESOURCE_TAG } from '../world-history.js';
import type { Evidence, Invariant } from './invariant.js';

/** Whatever carries our mark belongs to a resource that is there, once all is settled. */
export function createNothingOrphaned(): Invariant {
  return {
    title: 'nothing is orphaned: every thing of ours outside has its resource',
    settled: (evidence) => [...inClouds(evidence), ...inClusters(evidence)],
  };
}

function inClouds({ database, world }: Evidence): readonly string[] {
  const ids = new Set(database.rows('resource').map(({ id }) => id));
  return world.cloud.store.all().flatMap(({ type, name, tags, state }) => {
    const id = tags[RESOURCE_TAG];
    const isOurs = id !== undefined && tags['portolan.dev/retained'] === undefined && type !== 'snapshot';
    return !isOurs || ids.has(id)
      ? []
      : [`the cloud has the ${type} ${name} (${state}), and there is no resource ${id}`];
  });
}

function inClusters({ database, world, clusterOf }: Evidence): readonly string[] {
  const ids = new Set(database.rows('resource').map(({ id }) => id));
  const runtimeOf = new Map(
    database
      .rows('reference')
      .filter(({ path }) => path === 'runtime')
      .map((row) => [row.fromId, row.toId]),
  );
  const inventory = new Set(
    database
      .rows('object')
      .map(({ resourceId, kind, namespace, name }) => `${resourceId} ${kind}/${namespace}/${name}`),
  );
  return world.clusters().flatMap(({ store }) =>
    [...store.all()].flatMap((object) => {
      const id = object.metadata.annotations?.[RESOURCE_TAG];
      const isChild = object.metadata.ownerReferences?.some(({ controller }) => controller) ?? false;
      if (id === undefined || isChild) return [];
      const title = `${objectTitle(object)} on ${store.name}`;
      if (!ids.has(id)) return [`${title} is there, and its resource ${id} is not`];
      if (clusterOf(runtimeOf.get(id) ?? '') !== store.name)
        return [`${title} is there, and its workload ${id} is on another runtime`];
      return inventory.has(`${id} ${objectTitle(object)}`) ? [] : [`${title} is not in the inventory of ${id}`];
    }),
  );
}
