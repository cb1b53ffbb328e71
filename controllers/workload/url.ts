import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { list, number, record, text } from '../../drivers/kubernetes/object-fields.js';

/**
 * Where the first service that speaks HTTP answers: outside when a load balancer has an address, else in the cluster.
 * Null when there is none. Headless services are passed over, for they are addressed by pod.
 */
export function urlOf(objects: readonly KubernetesObject[]): string | null {
  const services = objects.filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Service');
  for (const address of [outsideAddress, clusterAddress]) {
    for (const service of services) {
      const port = httpPortOf(service);
      const host = address(service);
      if (port && host) return toUrl(host, port);
    }
  }
  return null;
}

/** The first address of the first gateway that has one: https://gateway-api.sigs.k8s.io/reference/spec/#gatewaystatus */
export function gatewayAddressOf(objects: readonly KubernetesObject[]): string | null {
  const gateways = objects.filter(
    ({ apiVersion, kind }) => kind === 'Gateway' && apiVersion.startsWith('gateway.networking.k8s.io/'),
  );
  const addresses = gateways.flatMap(({ status }) => list(record(status).addresses).map(record));
  return addresses.map(({ value }) => text(value)).find((value) => value !== '') ?? null;
}

function outsideAddress(service: KubernetesObject): string | null {
  const [ingress] = list(record(record(service.status).loadBalancer).ingress).map(record);
  return text(ingress?.hostname) || text(ingress?.ip) || null;
}

function clusterAddress({ metadata, spec }: KubernetesObject): string | null {
  const { clusterIP, type } = record(spec);
  if (clusterIP === 'None' || type === 'ExternalName') return null;
  return `${metadata.name}.${metadata.namespace}.svc.cluster.local`;
}

interface HttpPort {
  readonly scheme: 'http' | 'https';
  readonly port: number;
}

/** The first port that says it speaks HTTP by protocol or name, else the first that says nothing. */
function httpPortOf(service: KubernetesObject): HttpPort | null {
  const ports = list(record(service.spec).ports)
    .map(record)
    .filter((port) => (text(port.protocol) || 'TCP') === 'TCP')
    .map((each) => ({ port: number(each.port, 0), says: text(each.appProtocol) || text(each.name) }));
  const chosen = ports.find(({ says }) => /^(http|web)/i.test(says)) ?? ports.find(({ says }) => says === '');
  if (!chosen) return null;
  const isTls = /^https/i.test(chosen.says) || chosen.port === 443;
  return { scheme: isTls ? 'https' : 'http', port: chosen.port };
}

function toUrl(host: string, { scheme, port }: HttpPort): string {
  const isUsual = port === (scheme === 'https' ? 443 : 80);
  const name = host.includes(':') ? `[${host}]` : host;
  return `${scheme}://${name}${isUsual ? '' : `:${port}`}`;
}
