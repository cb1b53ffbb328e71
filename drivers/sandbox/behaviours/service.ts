import { hashText } from '../../../lib/node/hash.js';
import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { isReady, randomName } from './pods-of.js';

/** A service has a slice with the addresses of its pods, and, of type LoadBalancer, an address of its own after a while. */
export function service(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  keepSlice(object, cluster);
  if (record(object.spec).type !== 'LoadBalancer') return;
  if (list(record(record(object.status).loadBalancer).ingress).length > 0) return;
  if (!cluster.hasElapsed(object, 'address', cluster.delays.loadBalancerMs)) return;
  cluster.setStatus(object, { loadBalancer: { ingress: [{ ip: outsideAddress(object) }] } });
}

/** Of 203.0.113.0/24, which is for documentation (RFC 5737): no such address exists. */
export function outsideAddress(object: KubernetesObject): string {
  return `203.0.113.${(Number.parseInt(hashText(object.metadata.uid ?? '').slice(0, 4), 16) % 254) + 1}`;
}

function keepSlice(object: KubernetesObject, cluster: BehaviourCluster): void {
  const spec = record(object.spec);
  const selector = Object.entries(record(spec.selector));
  if (selector.length === 0 || spec.type === 'ExternalName') return;
  const { name, namespace = '' } = object.metadata;
  const pods = cluster.store
    .list('/Pod', namespace)
    .filter(({ metadata }) => selector.every(([label, value]) => metadata.labels?.[label] === value))
    .filter((pod) => text(record(pod.status).podIP) && !isOver(pod));
  const content = {
    endpoints: pods.map(endpointOf),
    ports: pods.length > 0 ? list(spec.ports).map((port) => portOf(record(port), pods)) : [],
  };
  const slice = cluster.store
    .dependents(object.metadata.uid ?? '')
    .find(({ kind, metadata }) => kind === 'EndpointSlice' && !metadata.deletionTimestamp);
  if (slice) {
    cluster.setFields(slice, content);
    return;
  }
  const labels = {
    ...object.metadata.labels,
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    'kubernetes.io/service-name': name,
  };
  const metadata = { name: randomName(name, cluster), generateName: `${name}-`, namespace, labels };
  cluster.create(
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType: 'IPv4', ...content },
    object,
  );
}

function endpointOf(pod: KubernetesObject): object {
  const isGoing = pod.metadata.deletionTimestamp !== undefined;
  const { name, namespace, uid } = pod.metadata;
  return {
    addresses: [record(pod.status).podIP],
    conditions: { ready: isReady(pod) && !isGoing, serving: isReady(pod), terminating: isGoing },
    nodeName: record(pod.spec).nodeName,
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}

/** A target port that is named is a port of the pods. */
function portOf(port: Readonly<Record<string, unknown>>, pods: readonly KubernetesObject[]): object {
  const { name = '', protocol = 'TCP', targetPort = port.port } = port;
  const containers = list(record(pods[0]?.spec).containers).map(record);
  const named = containers
    .flatMap((container) => list(container.ports).map(record))
    .find((each) => each.name === targetPort);
  return { name, protocol, port: typeof targetPort === 'number' ? targetPort : (named?.containerPort ?? null) };
}

function isOver(pod: KubernetesObject): boolean {
  return ['Succeeded', 'Failed'].includes(text(record(pod.status).phase));
}
