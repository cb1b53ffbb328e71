import { splitApiVersion } from '../../drivers/kubernetes/api-version.js';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';

/**
 * In this order objects are applied: what others need first, what may refuse others last. They go in the opposite order:
 * what a controller of the same workload has to clean up goes before that controller, and both before what they run on.
 */
export const phases = ['namespace', 'definition', 'foundation', 'rest', 'custom', 'admission'] as const;
export type Phase = (typeof phases)[number];

/** Of one object, by its kind alone. */
export function phaseOf({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): Phase {
  const { group } = splitApiVersion(apiVersion);
  return byKind.get(`${group}/${kind}`) ?? (isBuiltIn(group) ? 'rest' : 'custom');
}

const byKind: ReadonlyMap<string, Phase> = new Map([
  ['/Namespace', 'namespace'],
  ['apiextensions.k8s.io/CustomResourceDefinition', 'definition'],
  ...(
    [
      '/ServiceAccount',
      '/ConfigMap',
      '/Secret',
      '/PersistentVolume',
      '/PersistentVolumeClaim',
      '/Service',
      '/LimitRange',
      '/ResourceQuota',
      'rbac.authorization.k8s.io/Role',
      'rbac.authorization.k8s.io/ClusterRole',
      'rbac.authorization.k8s.io/RoleBinding',
      'rbac.authorization.k8s.io/ClusterRoleBinding',
      'storage.k8s.io/StorageClass',
      'scheduling.k8s.io/PriorityClass',
      'node.k8s.io/RuntimeClass',
      'networking.k8s.io/IngressClass',
    ] as const
  ).map((kind) => [kind, 'foundation'] as const),
  ...(
    [
      'admissionregistration.k8s.io/MutatingWebhookConfiguration',
      'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
      'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
      'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
      'apiregistration.k8s.io/APIService',
    ] as const
  ).map((kind) => [kind, 'admission'] as const),
]);

/** Groups that the API server brings itself; some that end so come with a CRD, and lose nothing by going with the rest. */
function isBuiltIn(group: string): boolean {
  return ['', 'apps', 'batch', 'autoscaling', 'policy'].includes(group) || group.endsWith('.k8s.io');
}
