import type { KubernetesObject, ObjectKey } from '../../drivers/kubernetes/driver.js';
import { conditionOf, record } from '../../drivers/kubernetes/object-fields.js';
import type { ReflectorChange } from '../../drivers/kubernetes/reflector.js';
import { marksOf } from '../marks.js';

/**
 * The objects of one cluster by the workload that they say they belong to. Only of kinds that are looked at. Holds their
 * names: whether an object still says so shows when it is read.
 */
export interface MarkIndex {
  take(change: ReflectorChange): void;
  of(workloadId: string): readonly ObjectKey[];
  /** A Job that completed and is gone, as it last was. Null when it was not seen to go, or long ago. */
  completed(namespace: string, name: string): KubernetesObject | null;
  /** Forgets the objects of one kind: `apps/v1/Deployment`. */
  clear(typeKey: string): void;
}

export function createMarkIndex(): MarkIndex {
  const byWorkload = new Map<string, Places>();
  const types = new Map<string, Type>();
  const completed = new Map<string, KubernetesObject>();
  const typeOf = ({ apiVersion, kind }: ObjectKey): Type => {
    const key = `${apiVersion}/${kind}`;
    const known = types.get(key) ?? { key, apiVersion, kind };
    types.set(key, known);
    return known;
  };
  const put = (id: string, left: Places) => {
    if (left.length > 0) byWorkload.set(id, left);
    else byWorkload.delete(id);
  };
  return {
    take({ key, place, object, deleted }) {
      if (deleted && isExpiringJob(object)) keep(completed, `${key.namespace}/${key.name}`, object);
      const { resourceId } = marksOf(object);
      if (resourceId === null) return;
      const type = typeOf(key);
      const known = byWorkload.get(resourceId) ?? [];
      if (deleted)
        put(
          resourceId,
          without(known, (it, at) => it === type && at === place),
        );
      // By concat: a list that grows, or is spread, keeps room for more than it has.
      else if (!pairs(known).some(([it, at]) => it === type && at === place)) {
        byWorkload.set(resourceId, known.concat(type, place));
      }
    },
    of: (workloadId) =>
      pairs(byWorkload.get(workloadId) ?? []).map(([{ apiVersion, kind }, place]) => {
        const [namespace = '', name = ''] = place.split('/');
        return { apiVersion, kind, namespace: namespace || null, name };
      }),
    completed: (namespace, name) => completed.get(`${namespace}/${name}`) ?? null,
    clear(typeKey) {
      for (const [id, known] of [...byWorkload])
        put(
          id,
          without(known, ({ key }) => key === typeKey),
        );
    },
  };
}

/** Of each object its type and then its place, in one list: there are hundreds of thousands. */
type Places = readonly (Type | string)[];

function pairs(places: Places): readonly (readonly [Type, string])[] {
  return Array.from({ length: places.length / 2 }, (_, index) => {
    return [places[index * 2], places[index * 2 + 1]] as unknown as readonly [Type, string];
  });
}

function without(places: Places, isOut: (type: Type, place: string) => boolean): Places {
  return pairs(places)
    .filter(([type, place]) => !isOut(type, place))
    .flat();
}

/** One for all of its objects. */
interface Type {
  readonly key: string;
  readonly apiVersion: string;
  readonly kind: string;
}

function isExpiringJob(object: KubernetesObject): boolean {
  if (object.kind !== 'Job' || !object.apiVersion.startsWith('batch/')) return false;
  const { ttlSecondsAfterFinished } = record(object.spec);
  return typeof ttlSecondsAfterFinished === 'number' && conditionOf(object, 'Complete')?.status === 'True';
}

/** Long enough for the pass that its going wakes; what it found is in the inventory then. */
const MOST_KEPT = 1000;

function keep(kept: Map<string, KubernetesObject>, key: string, object: KubernetesObject): void {
  kept.delete(key);
  kept.set(key, object);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}
