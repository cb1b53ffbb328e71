import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, record, text } from '../../kubernetes/object-fields.js';
import { parseQuantity } from '../quantity.js';
import type { BehaviourCluster } from './behaviour.js';

/** The state of a container that waits. */
export interface Waiting {
  readonly reason: string;
  readonly message: string;
}

/** Why no node takes the pod, in the scheduler's words; null when one does. */
export function placementProblem(pod: KubernetesObject, cluster: BehaviourCluster): string | null {
  const namespace = pod.metadata.namespace ?? '';
  for (const volume of list(record(pod.spec).volumes).map(record)) {
    const claim = text(record(volume.persistentVolumeClaim).claimName);
    if (!claim) continue;
    const found = cluster.store.get('/PersistentVolumeClaim', namespace, claim);
    if (!found) return `persistentvolumeclaim "${claim}" not found`;
    if (record(found.status).phase !== 'Bound') return 'pod has unbound immediate PersistentVolumeClaims';
  }
  const nodes = cluster.store.list('/Node', null);
  const wanted = { cpu: sumOf(pod, 'cpu'), memory: sumOf(pod, 'memory') };
  for (const resource of ['cpu', 'memory'] as const) {
    const isEnough = nodes.some(
      (node) => parseQuantity(record(record(node.status).allocatable)[resource]) >= wanted[resource],
    );
    if (!isEnough) return `0/${nodes.length} nodes are available: ${nodes.length} Insufficient ${resource}.`;
  }
  return null;
}

/** An image that cannot be had: by a fault, or because its name says so. */
export function imageProblem(pod: KubernetesObject, cluster: BehaviourCluster): Waiting | null {
  const image = containersOf(pod)
    .map((container) => text(container.image))
    .find((name) => name.includes('does-not-exist'));
  const isHit = image === undefined && cluster.faults.take('imagePull', subjectOf(pod, cluster)) !== null;
  const missing = image ?? (isHit ? text(containersOf(pod)[0]?.image) : null);
  if (missing === null) return null;
  // The first try says ErrImagePull; those after it wait longer and longer.
  const isFirst = list(record(pod.status).containerStatuses).length === 0;
  const detail = `failed to pull and unpack image "${missing}": not found`;
  return isFirst
    ? { reason: 'ErrImagePull', message: detail }
    : { reason: 'ImagePullBackOff', message: `Back-off pulling image "${missing}": ErrImagePull: ${detail}` };
}

/** A ConfigMap or Secret that the containers or volumes need and that is not there. */
export function configProblem(pod: KubernetesObject, cluster: BehaviourCluster): Waiting | null {
  const namespace = pod.metadata.namespace ?? '';
  const isThere = (kind: string, name: unknown) => cluster.store.get(`/${kind}`, namespace, text(name)) !== null;
  const missing = (kind: string, name: unknown): Waiting => ({
    reason: 'CreateContainerConfigError',
    message: `${kind.toLowerCase()} "${text(name)}" not found`,
  });
  const uses: { readonly kind: string; readonly name: unknown; readonly optional: unknown }[] = [];
  for (const container of containersOf(pod)) {
    for (const source of list(container.envFrom).map(record)) {
      uses.push({ kind: 'ConfigMap', ...pick(source.configMapRef) }, { kind: 'Secret', ...pick(source.secretRef) });
    }
    for (const variable of list(container.env).map(record)) {
      const from = record(variable.valueFrom);
      uses.push({ kind: 'ConfigMap', ...pick(from.configMapKeyRef) }, { kind: 'Secret', ...pick(from.secretKeyRef) });
    }
  }
  for (const volume of list(record(pod.spec).volumes).map(record)) {
    const secret = record(volume.secret);
    uses.push({ kind: 'ConfigMap', ...pick(volume.configMap) });
    uses.push({ kind: 'Secret', name: secret.secretName, optional: secret.optional });
  }
  const lacking = uses.find(
    ({ kind, name, optional }) => name !== undefined && optional !== true && !isThere(kind, name),
  );
  return lacking ? missing(lacking.kind, lacking.name) : null;
}

/** Whether the pod's containers crash now: by a fault, or because an image's name says so. */
export function crashes(pod: KubernetesObject, cluster: BehaviourCluster): boolean {
  if (containersOf(pod).some((container) => text(container.image).includes('crash-loop'))) return true;
  return cluster.faults.take('crashLoop', subjectOf(pod, cluster)) !== null;
}

/** Whether an image's name says that it starts, but never gets ready. */
export function neverGetsReady(pod: KubernetesObject): boolean {
  return containersOf(pod).some((container) => text(container.image).includes('never-ready'));
}

function subjectOf(pod: KubernetesObject, cluster: BehaviourCluster) {
  const { name, namespace = null } = pod.metadata;
  return { cluster: cluster.store.name, kind: 'Pod', namespace, name, verb: null };
}

function containersOf(pod: KubernetesObject): readonly Readonly<Record<string, unknown>>[] {
  return [...list(record(pod.spec).initContainers), ...list(record(pod.spec).containers)].map(record);
}

function pick(reference: unknown): { readonly name: unknown; readonly optional: unknown } {
  return { name: record(reference).name, optional: record(reference).optional };
}

function sumOf(pod: KubernetesObject, resource: 'cpu' | 'memory'): number {
  const requests = list(record(pod.spec).containers).map(
    (container) => record(record(record(container).resources).requests)[resource],
  );
  return requests.reduce<number>((total, each) => total + parseQuantity(each), 0);
}
