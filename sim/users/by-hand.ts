import { createMemoryTransport } from '../../drivers/sandbox/memory-transport.js';
import type { JsonObject } from '../../lib/canonical.js';
import { sleep } from '../../lib/clock.js';
import type { Simulation } from '../simulation.js';
import { RESOURCE_TAG } from '../world-history.js';
import { LEGACY } from './apps.js';

/** What people made in clusters before Portolan came, and what of that they deleted again, by uid. */
export interface MadeByHand {
  readonly made: ReadonlySet<string>;
  readonly deleted: Set<string>;
}

/** Makes a Deployment, in a namespace of its own, that an app takes over later. */
export async function makeByHand({ world }: Pick<Simulation, 'world'>, cluster: string): Promise<MadeByHand> {
  const signal = new AbortController().signal;
  const transport = createMemoryTransport(world, cluster);
  const labels = { app: LEGACY };
  const container = { name: 'main', image: 'example.com/legacy:0' };
  const post = (path: string, body: JsonObject) => transport.request({ method: 'POST', path, body, signal });
  await post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: LEGACY } });
  await post(`/apis/apps/v1/namespaces/${LEGACY}/deployments`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: LEGACY },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  });
  const made = [...world.cluster(cluster).store.all()].flatMap(({ kind, metadata: { uid, name } }) =>
    uid !== undefined && name === LEGACY && (kind === 'Namespace' || kind === 'Deployment') ? [uid] : [],
  );
  return { made: new Set(made), deleted: new Set() };
}

/**
 * Somebody who meddles: changes or deletes objects of ours in a cluster, by hand. What is being deleted they leave alone, so
 * that it stays visible in which order the plane takes things away.
 */
export async function meddle(
  { world, nature, random, database }: Pick<Simulation, 'world' | 'nature' | 'random' | 'database'>,
  byHand: MadeByHand,
  { steps, pauseMs }: { readonly steps: number; readonly pauseMs: number },
): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    await sleep(nature.clock, random.next() * pauseMs);
    const leaving = new Set(
      database.rows('resource').flatMap((row) => (row.deletionRequestedAt === null ? [] : [row.id])),
    );
    const ours = world.clusters().flatMap(({ store }) =>
      [...store.all()].flatMap((object) => {
        const id = object.metadata.annotations?.[RESOURCE_TAG];
        const isTouched = id !== undefined && !leaving.has(id) && plurals[object.kind] !== undefined;
        return isTouched ? [{ cluster: store.name, object }] : [];
      }),
    );
    const chosen = ours[random.below(ours.length)];
    if (!chosen) continue;
    const { cluster, object } = chosen;
    const { namespace = '', name } = object.metadata;
    const group = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
    const path = `${group}/namespaces/${namespace}/${plurals[object.kind]}/${name}`;
    const isRemoved = random.next() < 0.5 || object.kind !== 'Deployment';
    nature.log.info(`by hand: ${isRemoved ? 'delete' : 'scale'} ${path} on ${cluster}`);
    if (isRemoved && object.metadata.uid !== undefined) byHand.deleted.add(object.metadata.uid);
    const signal = new AbortController().signal;
    const request = isRemoved
      ? { method: 'DELETE' as const, path, signal }
      : {
          method: 'PATCH' as const,
          path,
          contentType: 'application/merge-patch+json',
          query: { fieldManager: 'kubectl' },
          body: { spec: { replicas: 3 } },
          signal,
        };
    await createMemoryTransport(world, cluster)
      .request(request)
      .catch(() => {});
  }
}

const plurals: Readonly<Record<string, string>> = {
  Deployment: 'deployments',
  Service: 'services',
  ConfigMap: 'configmaps',
};
