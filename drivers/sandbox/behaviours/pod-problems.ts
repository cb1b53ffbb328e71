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
  const nodes = cluster.store.list('/Node', null);
  const none = `0/${nodes.length} nodes are available:`;
  const fault = cluster.faults.take('unschedulable', subjectOf(pod, cluster));
  if (fault) return fault.message ?? refusedBy(nodes.length, 'Insufficient cpu');
  const namespace = pod.metadata.namespace ?? '';
  for (const volume of list(record(pod.spec).volumes).map(record)) {
    const claim = text(record(volume.persistentVolumeClaim).claimName);
    if (!claim) continue;
    const found = cluster.store.get('/PersistentVolumeClaim', namespace, claim);
    if (!found) return `${none} persistentvolumeclaim "${claim}" not found. not found`;
    if (record(found.status).phase !== 'Bound') {
      return `${none} pod has unbound immediate PersistentVolumeClaims. not found`;
    }
  }
  const wantedLabels = Object.entries(record(record(pod.spec).nodeSelector));
  const isWanted = (node: KubernetesObject) =>
    wantedLabels.every(([name, value]) => node.metadata.labels?.[name] === value);
  if (!nodes.some(isWanted)) return refusedBy(nodes.length, "node(s) didn't match Pod's node affinity/selector");
  const wanted = { cpu: sumOf(pod, 'cpu'), memory: sumOf(pod, 'memory') };
  for (const resource of ['cpu', 'memory'] as const) {
    const isEnough = nodes.some(
      (node) => parseQuantity(record(record(node.status).allocatable)[resource]) >= wanted[resource],
    );
    if (!isEnough) return refusedBy(nodes.length, `Insufficient ${resource}`);
  }
  return null;
}

function refusedBy(nodes: number, why: string): string {
  const none = `0/${nodes} nodes are available:`;
  return `${none} ${nodes} ${why}. no new claims to deallocate, preemption: ${none} ${nodes} Preemption is not helpful for scheduling.`;
}

/** The containers whose image cannot be had, because its name says so, or, by a fault, the first one's. */
export function imageProblems(pod: KubernetesObject, cluster: BehaviourCluster): ReadonlyMap<string, Waiting> {
  const containers = containersOf(pod);
  const missing = containers.filter(({ image }) => text(image).includes('does-not-exist'));
  const isHit = missing.length === 0 && cluster.faults.take('imagePull', subjectOf(pod, cluster)) !== null;
  const affected = isHit ? containers.slice(0, 1) : missing;
  // The first try says ErrImagePull; those after it wait longer and longer.
  const isFirst = affected.length > 0 && !cluster.hasElapsed(pod, 'pull', cluster.delays.retryMs);
  return new Map(
    affected.map(({ name, image }) => {
      const detail = `failed to pull and unpack image "${text(image)}": not found`;
      const backOff = `Back-off pulling image "${text(image)}": ErrImagePull: ${detail}`;
      const waiting = isFirst
        ? { reason: 'ErrImagePull', message: detail }
        : { reason: 'ImagePullBackOff', message: backOff };
      return [text(name), waiting];
    }),
  );
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

/** The containers that crash now: because their image's name says so, or, by a fault, the first one. */
export function crashingContainers(pod: KubernetesObject, cluster: BehaviourCluster): ReadonlySet<string> {
  const containers = list(record(pod.spec).containers).map(record);
  const crashing = containers.filter(({ image }) => crashes(text(image)) || neverLives(text(image)));
  const isHit = crashing.length === 0 && cluster.faults.take('crashLoop', subjectOf(pod, cluster)) !== null;
  return new Set((isHit ? containers.slice(0, 1) : crashing).map(({ name }) => text(name)));
}

/** Whether an image's name says that it ends with an error. */
export function crashes(image: string): boolean {
  return image.includes('crash-loop');
}

/** Whether an image's name says that its liveness probe fails, so that it is killed again and again. */
export function neverLives(image: string): boolean {
  return image.includes('never-live');
}

/** Whether an image's name says that it starts, but never gets ready. */
export function neverReady(image: string): boolean {
  return image.includes('never-ready');
}

export function neverGetsReady(pod: KubernetesObject): boolean {
  return containersOf(pod).some((container) => neverReady(text(container.image)));
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
