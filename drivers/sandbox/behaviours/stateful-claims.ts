import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, record, text } from '../../kubernetes/object-fields.js';
import type { ApiError } from '../api-error.js';
import type { BehaviourCluster } from './behaviour.js';

export const controller = 'statefulset-controller';

interface Claim {
  readonly volume: string;
  readonly claim: string;
  readonly template: Readonly<Record<string, unknown>>;
}

/** The claims that a pod of the set has, by its name. */
export function claimsOf(object: KubernetesObject, pod: string): readonly Claim[] {
  return list(record(object.spec).volumeClaimTemplates)
    .map(record)
    .map((template) => {
      const volume = text(record(template.metadata).name);
      return { volume, claim: `${volume}-${pod}`, template };
    });
}

/** Makes those that are missing. False when one was not admitted. */
export function makeClaims(object: KubernetesObject, pod: string, cluster: BehaviourCluster): boolean {
  const namespace = object.metadata.namespace ?? '';
  const matchLabels = record(record(record(object.spec).selector).matchLabels) as Record<string, string>;
  return claimsOf(object, pod).every(({ claim, template }) => {
    if (cluster.store.get(claimType, namespace, claim)) return true;
    const { labels, annotations } = record(template.metadata) as Pick<
      KubernetesObject['metadata'],
      'labels' | 'annotations'
    >;
    const made = cluster.create({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: claim,
        namespace,
        labels: { ...labels, ...matchLabels },
        ...(annotations ? { annotations } : {}),
      },
      spec: { ...record(template.spec) },
    });
    return isMade(object, made, `Claim ${claim} Pod ${pod}`, cluster);
  });
}

/** Tells how the making of something went. */
export function isMade(
  object: KubernetesObject,
  made: KubernetesObject | ApiError,
  what: string,
  cluster: BehaviourCluster,
): boolean {
  const within = `in StatefulSet ${object.metadata.name}`;
  if (made instanceof Error) {
    const message = `Create ${what} ${within} failed error: ${made.message}`;
    cluster.tell(object, { type: 'Warning', reason: 'FailedCreate', message, by: controller });
    cluster.retry(object, 'create', cluster.delays.retryMs);
    return false;
  }
  cluster.succeed(object, 'create');
  const message = `Create ${what} ${within} ${made.kind === 'Pod' ? 'successful' : 'success'}`;
  cluster.tell(object, { type: 'Normal', reason: 'SuccessfulCreate', message, by: controller });
  return true;
}

/**
 * What persistentVolumeClaimRetentionPolicy says: claims go with the set when they are owned by it, and those of pods that
 * were scaled away go when the pod is gone.
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention
 */
export function keepClaims(object: KubernetesObject, desired: number, cluster: BehaviourCluster): void {
  const { whenDeleted, whenScaled } = record(record(object.spec).persistentVolumeClaimRetentionPolicy);
  const { apiVersion, kind, metadata } = object;
  const { name, namespace = '', uid = '' } = metadata;
  const owner = { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
  for (const { volume } of claimsOf(object, '')) {
    const prefix = `${volume}-${name}-`;
    for (const claim of cluster.store.list(claimType, namespace)) {
      const ordinal = claim.metadata.name.startsWith(prefix) ? claim.metadata.name.slice(prefix.length) : '';
      if (!/^\d+$/.test(ordinal) || claim.metadata.deletionTimestamp) continue;
      const isScaledAway = Number(ordinal) >= desired && !cluster.store.get('/Pod', namespace, `${name}-${ordinal}`);
      if (isScaledAway && whenScaled === 'Delete') {
        cluster.delete(claim);
        continue;
      }
      const others = (claim.metadata.ownerReferences ?? []).filter((each) => each.uid !== uid);
      const isOwned = others.length < (claim.metadata.ownerReferences ?? []).length;
      if (isOwned === (whenDeleted === 'Delete')) continue;
      const ownerReferences = isOwned ? others : [...others, owner];
      cluster.setMetadata(claim, { ownerReferences });
    }
  }
}

const claimType = '/PersistentVolumeClaim';
