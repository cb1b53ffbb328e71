import { BadInputError } from '../lib/errors.js';
import { didYouMean, nearest } from '../lib/nearest.js';
import { holdsData } from './holds-data.js';

/**
 * Throws BadInputError, with the path below `path`, for the first entry of `policy.replace` that cannot be. `made`: the
 * kinds of the objects that the spec makes, which may be custom ones; null where that is not known, and then any name of
 * a kind is taken.
 */
export function checkReplaceKinds(
  kinds: readonly string[],
  path: readonly (string | number)[],
  made: ReadonlySet<string> | null,
): void {
  for (const [index, kind] of kinds.entries()) {
    const why = whyRefused(kind, made);
    if (why !== null) throw new BadInputError(`policy.replace lists ${kind}. ${why}`, { path: [...path, index] });
  }
}

function whyRefused(kind: string, made: ReadonlySet<string> | null): string | null {
  if (holdsData.has(kind)) return `That is never deleted to be made anew, because it holds data. Leave it out.`;
  const known = [...new Set([...replaceable, ...(made ?? [])])].filter((name) => !holdsData.has(name));
  if (!/^[A-Z][A-Za-z0-9]{0,62}$/.test(kind)) {
    const meant = nearest(kind, known);
    return `That is no name of a kind: those are written as in manifests, such as ${meant ?? 'Deployment'}.`;
  }
  if (made === null || known.includes(kind)) return null;
  const hint = nearest(kind, known) === null ? '.' : didYouMean(kind, known);
  return `Kubernetes has no such kind, and none of the app's objects is of it${hint}`;
}

/** What Kubernetes itself brings, as far as an app can have it. */
const replaceable: readonly string[] = [
  'APIService',
  'CSIDriver',
  'CertificateSigningRequest',
  'ClusterRole',
  'ClusterRoleBinding',
  'ConfigMap',
  'ControllerRevision',
  'CronJob',
  'DaemonSet',
  'Deployment',
  'DeviceClass',
  'EndpointSlice',
  'Endpoints',
  'FlowSchema',
  'HorizontalPodAutoscaler',
  'IPAddress',
  'Ingress',
  'IngressClass',
  'Job',
  'Lease',
  'LimitRange',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'NetworkPolicy',
  'Pod',
  'PodDisruptionBudget',
  'PodTemplate',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'ReplicaSet',
  'ReplicationController',
  'ResourceClaim',
  'ResourceClaimTemplate',
  'ResourceQuota',
  'ResourceSlice',
  'Role',
  'RoleBinding',
  'RuntimeClass',
  'Secret',
  'Service',
  'ServiceAccount',
  'ServiceCIDR',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
  'VolumeAttributesClass',
];
