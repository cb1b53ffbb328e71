import { hashJson } from '../../../lib/node/hash.js';
import type { KubernetesObject } from '../../kubernetes/driver.js';
import { conditionOf, list, record, text } from '../../kubernetes/object-fields.js';
import { nameSuffix } from '../names.js';
import type { BehaviourCluster } from './behaviour.js';

/** The pods that `owner` made, those that are being deleted left out. */
export function livePodsOf(owner: KubernetesObject, cluster: BehaviourCluster): readonly KubernetesObject[] {
  return podsOf(owner, cluster).filter((pod) => !pod.metadata.deletionTimestamp);
}

/** All pods that `owner` made, by name. */
export function podsOf(owner: KubernetesObject, cluster: BehaviourCluster): readonly KubernetesObject[] {
  return cluster.store
    .dependents(owner.metadata.uid ?? '')
    .filter((object) => object.kind === 'Pod')
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** The claims that a pod mounts. */
export function claimNamesOf(pod: KubernetesObject): readonly string[] {
  return list(record(pod.spec).volumes)
    .map((volume) => text(record(record(volume).persistentVolumeClaim).claimName))
    .filter(Boolean);
}

export function isReady(pod: KubernetesObject): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}

/** Ten hex digits that stand for a pod template. */
export function templateHash(owner: KubernetesObject): string {
  return hashJson(record(owner.spec).template ?? null).slice(0, 10);
}

/** A pod as the template of `owner` says. */
export function podFrom(
  owner: KubernetesObject,
  name: string,
  labels: Readonly<Record<string, string>>,
  spec: Readonly<Record<string, unknown>> = {},
): KubernetesObject {
  const template = record(record(owner.spec).template);
  const metadata = record(template.metadata);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      labels: { ...(record(metadata.labels) as Record<string, string>), ...labels },
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations as Record<string, string> }),
    },
    spec: { restartPolicy: 'Always', ...record(template.spec), ...spec },
    status: { phase: 'Pending' },
  };
}

/**
 * Makes `missing` pods for `owner`, unless the cluster does not admit them: then it stops at the first, tells so, and comes
 * back later. Returns what the API server said, or null.
 */
export function makePods(
  owner: KubernetesObject,
  missing: number,
  by: string,
  cluster: BehaviourCluster,
  make: (index: number) => KubernetesObject = () => podFrom(owner, randomName(owner.metadata.name, cluster), {}),
): string | null {
  for (let index = 0; index < missing; index += 1) {
    const made = cluster.create(make(index), owner);
    if (made instanceof Error) {
      const message = `Error creating: ${made.message}`;
      cluster.tell(owner, { type: 'Warning', reason: 'FailedCreate', message, by });
      cluster.retry(owner, 'create', cluster.delays.retryMs);
      return made.message;
    }
    cluster.tell(owner, {
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created pod: ${made.metadata.name}`,
      by,
    });
  }
  cluster.succeed(owner, 'create');
  return null;
}

/** Asks for the deletion of a pod, and tells so. */
export function deletePod(owner: KubernetesObject, pod: KubernetesObject, by: string, cluster: BehaviourCluster): void {
  cluster.delete(pod);
  cluster.tell(owner, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${pod.metadata.name}`, by });
}

/** `prefix-x7k2p`: as generateName does, cut so that it stays a valid name. */
export function randomName(prefix: string, cluster: BehaviourCluster): string {
  return `${prefix.slice(0, 57)}-${nameSuffix(cluster.random)}`;
}
