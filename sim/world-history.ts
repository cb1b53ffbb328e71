import type { KubernetesObject } from '../drivers/kubernetes/driver.js';
import type { CloudEntry } from '../drivers/sandbox/cloud/cloud-entry.js';
import type { JournalRecord } from '../drivers/sandbox/journal.js';

/** All that the world ever had of ours: each object and each resource of a cloud as it was, one after the other. */
export interface WorldHistory {
  add(atMs: number, record: JournalRecord): void;
  /** How an object of a cluster was, the oldest first: `Deployment/NAMESPACE/NAME`. */
  objects(cluster: string, key: string): readonly Past<KubernetesObject>[];
  /** How what a cloud had of a resource was, by the resource's id. */
  cloud(resourceId: string): readonly Past<CloudEntry>[];
}

export interface Past<Thing> {
  readonly atMs: number;
  /** null: from then on it was not there. */
  readonly thing: Thing | null;
}

export function createWorldHistory(): WorldHistory {
  const objects = new Map<string, Past<KubernetesObject>[]>();
  const cloud = new Map<string, Past<CloudEntry>[]>();
  const byPlace = new Map<string, string>();
  const push = <Thing>(map: Map<string, Past<Thing>[]>, key: string, past: Past<Thing>) => {
    const known = map.get(key);
    if (known) known.push(past);
    else map.set(key, [past]);
  };
  return {
    add(atMs, record) {
      if ('cloud' in record) {
        const { cloud: place, entry = null } = record;
        if (!place) return;
        const title = `${place.account}/${place.region}/${place.type}/${place.name}`;
        const id = entry?.tags[RESOURCE_TAG] ?? byPlace.get(title);
        if (id === undefined) return;
        byPlace.set(title, id);
        push(cloud, id, { atMs, thing: entry });
        return;
      }
      const object = record.object ?? record.removed;
      if (!object || object.kind === 'Event') return;
      push(objects, `${record.cluster} ${objectTitle(object)}`, { atMs, thing: record.object ?? null });
    },
    objects: (cluster, key) => objects.get(`${cluster} ${key}`) ?? [],
    cloud: (resourceId) => cloud.get(resourceId) ?? [],
  };
}

/** By which a thing outside says whose it is: a tag in clouds, an annotation in clusters. */
export const RESOURCE_TAG = 'portolan.dev/resource';

export function objectTitle({ kind, metadata: { namespace = '', name } }: KubernetesObject): string {
  return `${kind}/${namespace}/${name}`;
}
