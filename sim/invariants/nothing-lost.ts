import { RESOURCE_TAG } from '../world-history.js';
import type { Evidence, Invariant } from './invariant.js';
import { objectsOf } from './wanted.js';

/** What users were told is done is in the log; what is wanted is in the world, once all is settled. */
export function createNothingLost(): Invariant {
  let checked = 0;
  return {
    title: 'nothing is lost: what was acknowledged is in the log, and what is wanted exists',
    always({ database, ledger }) {
      if (ledger.acknowledged.length === checked) return [];
      const log = new Map(database.rows('revision').map((row) => [row.changesetId, row.seq]));
      const fresh = ledger.acknowledged.slice(checked);
      checked = ledger.acknowledged.length;
      return fresh.flatMap(({ user, what, changesetId, cursor, edits }) => {
        const isChange = edits.some(({ result }) => result !== 'unchanged');
        const isKept = !isChange || String(log.get(changesetId)) === cursor.slice(cursor.lastIndexOf(':') + 1);
        return isKept
          ? []
          : [`${user} was told that "${what}" is done at ${cursor}, and the log does not have it there`];
      });
    },
    settled: (evidence) => [...missingObjects(evidence), ...missingInClouds(evidence)],
  };
}

function missingObjects({ database, world, clusterOf, byHand }: Evidence): readonly string[] {
  const runtimes = new Map(
    database
      .rows('reference')
      .filter(({ path }) => path === 'runtime')
      .map((row) => [row.fromId, row.toId]),
  );
  return database.rows('resource').flatMap((row) => {
    if (row.kind !== 'Workload') return [];
    const cluster = clusterOf(runtimes.get(row.id) ?? '');
    const found = world.clusters().find(({ store }) => store.name === cluster);
    if (!found) return [`the cluster ${cluster} of the workload ${row.name} (${row.id}) is not there`];
    const objects = [...found.store.all()];
    return objectsOf(row.spec).flatMap(({ kind, metadata }) => {
      const isThere = objects.some(
        (object) =>
          object.kind === kind &&
          object.metadata.name === metadata.name &&
          // What was taken over has no mark of ours.
          (object.metadata.annotations?.[RESOURCE_TAG] === row.id || byHand.made.has(object.metadata.uid ?? '')) &&
          object.metadata.deletionTimestamp === undefined,
      );
      return isThere ? [] : [`${kind}/${metadata.name} of the workload ${row.name} (${row.id}) is not in its cluster`];
    });
  });
}

function missingInClouds({ database, world }: Evidence): readonly string[] {
  const there = world.cloud.store.all();
  return database.rows('resource').flatMap(({ id, kind, name }) => {
    if (!IN_CLOUDS.has(kind)) return [];
    const isThere = there.some(({ tags, state }) => tags[RESOURCE_TAG] === id && state === 'available');
    return isThere ? [] : [`the cloud does not have the ${kind} ${name} (${id})`];
  });
}

const IN_CLOUDS: ReadonlySet<string> = new Set([
  'Database',
  'Bucket',
  'Network',
  'CloudCluster',
  'NodeGroup',
  'DomainName',
  'DnsRecord',
]);
