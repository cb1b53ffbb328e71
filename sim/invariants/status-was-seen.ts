import type { Json, JsonObject } from '../../lib/canonical.js';
import { doesWork } from '../../test/helpers/agreement/does-work.js';
import type { SeenObject } from '../../test/helpers/agreement/seen-object.js';
import type { RevisionRow } from '../database/rows.js';
import { RESOURCE_TAG } from '../world-history.js';
import { createFreshness } from './freshness.js';
import type { Evidence, Invariant } from './invariant.js';
import { holds, objectsOf } from './wanted.js';

/** Who is READY at a generation was so in the world, as that generation wants it, at that moment or before. */
export function createStatusWasSeen(): Invariant {
  const freshOf = createFreshness();
  return {
    title: 'a status never claims more than was observed',
    always(evidence) {
      const log = evidence.database.rows('revision');
      return freshOf(log)
        .filter((row) => row.op === 'status' && isReady(row))
        .flatMap((row) => unseen(row, log, evidence));
    },
  };
}

function isReady({ document }: RevisionRow): boolean {
  const conditions = (document?.conditions ?? []) as unknown as readonly {
    readonly type: string;
    readonly status: string;
  }[];
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

function unseen(claim: RevisionRow, log: readonly RevisionRow[], evidence: Evidence): readonly string[] {
  const generation = Number(claim.document?.observedGeneration);
  const stated = log.find(
    ({ resourceId, op, generation: of }) =>
      resourceId === claim.resourceId && of === generation && (op === 'created' || op === 'updated'),
  );
  const spec = stated?.document?.spec as JsonObject | undefined;
  if (!spec) return [];
  const title = `${claim.kind} ${claim.name} (${claim.resourceId}) is said to be ready at generation ${generation}`;
  switch (claim.kind) {
    case 'Workload':
      return unseenObjects(claim, spec, stated as RevisionRow, evidence).map(
        (what) => `${title}, and ${what} was never seen to work as that wants it`,
      );
    case 'Database':
    case 'Bucket':
    case 'Network':
    case 'CloudCluster':
    case 'NodeGroup':
    case 'DomainName':
    case 'DnsRecord':
      return wasInCloud(claim, spec, evidence) ? [] : [`${title}, and its cloud never had it like that`];
    default:
      return [];
  }
}

function unseenObjects(
  claim: RevisionRow,
  spec: JsonObject,
  stated: RevisionRow,
  { history, clusterOf, byHand }: Evidence,
): readonly string[] {
  const references = (stated.document?.references ?? []) as unknown as readonly { path: string; toId: string }[];
  const cluster = clusterOf(references.find(({ path }) => path === 'runtime')?.toId ?? '');
  const namespace = String(spec.namespace ?? '');
  return objectsOf(spec).flatMap((desired) => {
    const { namespace: own, ...metadata } = desired.metadata;
    // A cluster keeps it as data.
    const { stringData: _, ...rest } = desired as unknown as JsonObject;
    const title = (place: string) => `${desired.kind}/${place}/${desired.metadata.name}`;
    const past = [own ?? namespace, ''].flatMap((place) => history.objects(cluster, title(place)));
    const wanted = { ...rest, metadata } as unknown as JsonObject;
    const isSeen = past.some(
      ({ atMs, thing }) =>
        thing !== null &&
        atMs <= claim.at + CLOCK_MS &&
        (thing.metadata.annotations?.[RESOURCE_TAG] === claim.resourceId ||
          byHand.made.has(thing.metadata.uid ?? '')) &&
        doesWork(thing as unknown as SeenObject) !== false &&
        holds(wanted as Json, thing as unknown as Json),
    );
    return isSeen ? [] : [title(own ?? namespace)];
  });
}

function wasInCloud(claim: RevisionRow, spec: JsonObject, { history }: Evidence): boolean {
  return history.cloud(claim.resourceId).some(({ atMs, thing }) => {
    if (thing?.state !== 'available' || atMs > claim.at + CLOCK_MS) return false;
    return (properties[claim.kind] ?? []).every(
      (name) => spec[name] === undefined || thing.properties[name] === spec[name],
    );
  });
}

/** What a spec and the cloud call the same, by kind. */
const properties: Readonly<Record<string, readonly string[]>> = {
  Database: ['size', 'storageGb', 'engine', 'backupDays'],
  NodeGroup: ['nodes'],
};
/** A commit has the time of its beginning, in whole milliseconds. */
const CLOCK_MS = 1;
