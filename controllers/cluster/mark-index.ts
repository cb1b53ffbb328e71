import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { conditionOf, record } from '../../drivers/kubernetes/object-fields.js';
import type { ReflectorChange } from '../../drivers/kubernetes/reflector.js';
import { marksOf } from '../marks.js';

/** The objects of one cluster by the workload that they say they belong to. Only of kinds that are looked at. */
export interface MarkIndex {
  take(change: ReflectorChange): void;
  of(workloadId: string): readonly KubernetesObject[];
  /** A Job that completed and is gone, as it last was. Null when it was not seen to go, or long ago. */
  completed(namespace: string, name: string): KubernetesObject | null;
  /** Forgets the objects of one kind: `apps/v1/Deployment`. */
  clear(typeKey: string): void;
}

export function createMarkIndex(): MarkIndex {
  const byWorkload = new Map<string, Map<string, KubernetesObject>>();
  const workloadOf = new Map<string, string>();
  const completed = new Map<string, KubernetesObject>();
  const remove = (key: string) => {
    const id = workloadOf.get(key);
    if (id === undefined) return;
    workloadOf.delete(key);
    const objects = byWorkload.get(id);
    objects?.delete(key);
    if (objects?.size === 0) byWorkload.delete(id);
  };
  return {
    take({ key: { apiVersion, kind, namespace, name }, object, deleted }) {
      const key = `${apiVersion}/${kind}/${namespace ?? ''}/${name}`;
      const { resourceId } = marksOf(object);
      remove(key);
      if (deleted && isExpiringJob(object)) keep(completed, `${namespace}/${name}`, object);
      if (deleted || resourceId === null) return;
      workloadOf.set(key, resourceId);
      byWorkload.set(resourceId, (byWorkload.get(resourceId) ?? new Map()).set(key, object));
    },
    of: (workloadId) => [...(byWorkload.get(workloadId)?.values() ?? [])],
    completed: (namespace, name) => completed.get(`${namespace}/${name}`) ?? null,
    clear(typeKey) {
      for (const key of [...workloadOf.keys()]) if (key.startsWith(`${typeKey}/`)) remove(key);
    },
  };
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
