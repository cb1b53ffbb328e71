import type { Json, JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import type { SpecOf } from '../../lib/kind.js';
import { outputMarker } from '../../lib/output-marker.js';
import type { gatewayKind } from '../../schema/kinds/gateway.js';
import type { ExpandedChild, Expander } from './expander.js';
import { namespaceOf } from './namespace.js';
import { supportServiceOf } from './support-service-of.js';

type GatewaySpec = JsonObject & SpecOf<typeof gatewayKind>;
type Port = NonNullable<GatewaySpec['ports']>[number];

/**
 * Objects of the Gateway API on its runtime, in two workloads: the gateway, which gets an address; then, where it has a
 * domain, a record for that address; then the routes, which need the name.
 */
export const expandGateway: Expander = ({ resource, definition }) => {
  const spec = resource.spec as GatewaySpec;
  const { runtime, domain, ports = [], routes = [] } = spec;
  if (runtime === undefined) {
    throw new BadInputError(`The gateway ${resource.name} has no runtime.`, { path: ['spec', 'runtime'] });
  }
  const isTls = ports.some(({ protocol }) => protocol === 'https' || protocol === 'tls');
  if (isTls && domain === undefined) {
    throw new BadInputError(
      `The gateway ${resource.name} has a port with TLS and no domain: a certificate is for a name.`,
      {
        path: ['spec', 'domain'],
      },
    );
  }
  const namespace = spec.namespace ?? namespaceOf(resource);
  const services = ['gateway', ...(isTls ? ['certificates'] : [])].map((service) => supportServiceOf(runtime, service));
  const beside = (spec.needs ?? []).map((need) =>
    need.scope === 'owner' ? { ...need, scope: 'ownersOwner' as const } : need,
  );
  const needs = [...beside, ...services.map(({ reference }) => reference)];
  const className = definition?.spec.className;

  const workload = (component: string, rest: JsonObject): ExpandedChild => ({
    kind: 'Workload',
    name: component,
    layers: { '': `layer:gateway/${resource.name}` },
    spec: {
      runtime,
      app: resource.name,
      instance: resource.owner?.name ?? resource.name,
      release: 1,
      component,
      namespace,
      needs: needs.map((need): JsonObject => ({ ...need })),
      ...rest,
    },
  });
  const own = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  const listening = gatewayObject(resource.name, ports, typeof className === 'string' ? className : 'portolan');
  const host = domain === undefined ? null : outputMarker('dns', 'host');
  const bindings = [{ name: 'dns', resource: { kind: 'DnsRecord', name: 'dns', scope: 'owner' } }];
  const owned = [
    workload('gateway', { after: [], objects: spec.namespace === undefined ? [own, listening] : [listening] }),
    ...(domain === undefined ? [] : [recordOf(resource.name, domain, spec.subdomain)]),
    workload('routes', {
      after: ['gateway'],
      ...(host && { bindings }),
      objects: [
        ...ports.flatMap((port) => routeObjects(resource.name, port, routes, host)),
        ...(isTls && host ? [certificate(resource.name, host)] : []),
      ],
    }),
  ];
  return { owned, shared: services.map(({ shared }) => shared), references: [] };
};

const group = 'gateway.networking.k8s.io/v1';
const listenerOf = ({ protocol, port }: Port) => `${protocol}-${port}`;

/** https://gateway-api.sigs.k8s.io/reference/spec/#gateway */
function gatewayObject(name: string, ports: readonly Port[], gatewayClassName: string): JsonObject {
  const listeners = ports.map((port): JsonObject => {
    const hasCertificate = port.protocol === 'https' || port.protocol === 'tls';
    return {
      name: listenerOf(port),
      port: port.port,
      protocol: port.protocol.toUpperCase(),
      allowedRoutes: { namespaces: { from: 'Same' } },
      ...(hasCertificate && { tls: { mode: 'Terminate', certificateRefs: [{ name: `${name}-tls` }] } }),
    };
  });
  return { apiVersion: group, kind: 'Gateway', metadata: { name }, spec: { gatewayClassName, listeners } };
}

/** A route for each port: of HTTP all rules in one, of TCP and TLS the first service alone, for they have no paths. */
function routeObjects(name: string, port: Port, all: GatewaySpec['routes'], host: JsonObject | null): JsonObject[] {
  const routes = (all ?? []).filter(({ listener }) => listener === undefined || listener === port.port);
  const [first] = routes;
  if (!first) return [];
  const parentRefs = [{ name, sectionName: listenerOf(port) }];
  const metadata = { name: `${name}-${listenerOf(port)}` };
  const backend = ({ service, port: number }: typeof first) => ({ name: service, port: number });
  const isHttp = port.protocol === 'http' || port.protocol === 'https';
  if (!isHttp) {
    const kind = port.protocol === 'tls' ? 'TLSRoute' : 'TCPRoute';
    const version = 'gateway.networking.k8s.io/v1alpha2';
    return [{ apiVersion: version, kind, metadata, spec: { parentRefs, rules: [{ backendRefs: [backend(first)] }] } }];
  }
  const redirect = { filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] };
  const rules: Json = port.redirectToHttps
    ? [redirect]
    : routes.map(
        (route): JsonObject => ({
          matches: [{ path: { type: 'PathPrefix', value: route.path ?? '/' } }],
          backendRefs: [backend(route)],
        }),
      );
  const hostnames = host ? { hostnames: [host] } : {};
  return [{ apiVersion: group, kind: 'HTTPRoute', metadata, spec: { parentRefs, ...hostnames, rules } }];
}

/** https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Certificate */
function certificate(name: string, host: JsonObject): JsonObject {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: `${name}-tls` },
    spec: { secretName: `${name}-tls`, dnsNames: [host], issuerRef: { kind: 'ClusterIssuer', name: 'portolan' } },
  };
}

function recordOf(name: string, domain: string, subdomain: string | undefined): ExpandedChild {
  return {
    kind: 'DnsRecord',
    name: 'dns',
    layers: { '': `layer:gateway/${name}` },
    spec: {
      domain,
      subdomain: subdomain ?? name,
      target: outputMarker('gateway', 'address'),
      bindings: [{ name: 'gateway', resource: { kind: 'Workload', name: 'gateway', scope: 'owner' } }],
    },
  };
}
