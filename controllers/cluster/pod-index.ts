import type { ReflectorChange } from '../../drivers/kubernetes/reflector.js';
import { outsideLabels } from '../marks.js';

/** The names of the pods of one cluster by the app instance whose label they carry, so that a pass does not look through all of them. */
export interface PodIndex {
  take(change: ReflectorChange): void;
  of(instanceId: string): readonly PodName[];
  clear(): void;
}

export interface PodName {
  readonly namespace: string | null;
  readonly name: string;
}

export function createPodIndex(): PodIndex {
  const byInstance = new Map<string, Map<string, PodName>>();
  const instanceOf = new Map<string, string>();
  const remove = (name: string) => {
    const instanceId = instanceOf.get(name);
    if (instanceId === undefined) return;
    instanceOf.delete(name);
    const pods = byInstance.get(instanceId);
    pods?.delete(name);
    if (pods?.size === 0) byInstance.delete(instanceId);
  };
  return {
    take({ key, place: name, object, deleted }) {
      const instanceId = object.metadata.labels?.[outsideLabels.instanceId];
      if (deleted || instanceId !== instanceOf.get(name)) remove(name);
      if (deleted || instanceId === undefined || instanceOf.has(name)) return;
      instanceOf.set(name, instanceId);
      const pods = byInstance.get(instanceId) ?? new Map<string, PodName>();
      byInstance.set(instanceId, pods.set(name, { namespace: key.namespace, name: key.name }));
    },
    of: (instanceId) => [...(byInstance.get(instanceId)?.values() ?? [])],
    clear() {
      byInstance.clear();
      instanceOf.clear();
    },
  };
}
