import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import type { ReflectorChange } from '../../drivers/kubernetes/reflector.js';
import { outsideLabels } from '../marks.js';

/** The pods of one cluster by the app instance whose label they carry, so that a pass does not look through all of them. */
export interface PodIndex {
  take(change: ReflectorChange): void;
  of(instanceId: string): readonly KubernetesObject[];
  clear(): void;
}

export function createPodIndex(): PodIndex {
  const byInstance = new Map<string, Map<string, KubernetesObject>>();
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
    take({ key, object, deleted }) {
      const name = `${key.namespace}/${key.name}`;
      const instanceId = object.metadata.labels?.[outsideLabels.instanceId];
      if (deleted || instanceId !== instanceOf.get(name)) remove(name);
      if (deleted || instanceId === undefined) return;
      instanceOf.set(name, instanceId);
      const pods = byInstance.get(instanceId) ?? new Map<string, KubernetesObject>();
      byInstance.set(instanceId, pods.set(name, object));
    },
    of: (instanceId) => [...(byInstance.get(instanceId)?.values() ?? [])],
    clear() {
      byInstance.clear();
      instanceOf.clear();
    },
  };
}
