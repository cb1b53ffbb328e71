import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { marksOf, outsideLabels } from '../../marks.js';
import { managedEntries } from '../drift/managed-fields.js';
import { isClusterManager } from './cluster-managers.js';

/** Kinds that nobody writes: the cluster keeps them, and they go with what they are about. */
export const keptByCluster: ReadonlySet<string> = new Set([
  'Event',
  'Endpoints',
  'EndpointSlice',
  'Lease',
  'ControllerRevision',
  'PodMetrics',
]);

/** Why a live object is not taken over, in a sentence; null: it is. Pure. */
export function whyLeftOut(live: KubernetesObject): string | null {
  const { metadata, kind } = live;
  if (metadata.deletionTimestamp) return 'It is being deleted.';
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner) return `It belongs to ${owner.kind}/${owner.name}.`;
  const instance = metadata.labels?.[outsideLabels.instanceId];
  if (instance !== undefined || marksOf(live).resourceId !== null) return 'An app instance of Portolan has it already.';
  if (kind === 'ConfigMap' && metadata.name === 'kube-root-ca.crt') return 'The cluster makes it in each namespace.';
  if (kind === 'ServiceAccount' && metadata.name === 'default') return 'The cluster makes it in each namespace.';
  const keptBy = kind === 'Secret' ? secretTypes[String(live.type)] : undefined;
  if (keptBy) return keptBy;
  const managers = managedEntries(live).filter(({ subresource }) => subresource === '');
  if (managers.length === 0 || !managers.every(({ manager }) => isClusterManager(manager))) return null;
  return `It was made by ${managers.map(({ manager }) => manager).join(', ')}, and by nobody else.`;
}

const secretTypes: Readonly<Record<string, string>> = {
  'kubernetes.io/service-account-token': 'The cluster keeps the token of a service account in it.',
  'helm.sh/release.v1': 'Helm keeps a release in it.',
  'bootstrap.kubernetes.io/token': 'The cluster uses it for nodes that join.',
};
