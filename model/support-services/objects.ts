import type { JsonObject } from '../../lib/canonical.js';

/** The custom resources that a support service serves: group, and of each kind its plural, versions and scope. */
interface Served {
  readonly group: string;
  readonly kinds: readonly {
    readonly kind: string;
    readonly plural: string;
    readonly version: string;
    readonly isClusterWide?: boolean;
  }[];
}

interface SupportServiceRecipe {
  readonly image: string;
  readonly version: string;
  readonly port: number;
  readonly serves: readonly Served[];
  /** Beside controller and definitions. */
  readonly objects: readonly JsonObject[];
}

/** What is built in, by service. Enough for the simulated cluster; a SupportServiceDefinition brings another. */
const recipes: Readonly<Record<string, SupportServiceRecipe>> = {
  gateway: {
    image: 'docker.io/envoyproxy/gateway',
    version: 'v1.6.0',
    port: 18_000,
    serves: [
      {
        group: 'gateway.networking.k8s.io',
        kinds: [
          { kind: 'GatewayClass', plural: 'gatewayclasses', version: 'v1', isClusterWide: true },
          { kind: 'Gateway', plural: 'gateways', version: 'v1' },
          { kind: 'HTTPRoute', plural: 'httproutes', version: 'v1' },
          { kind: 'TCPRoute', plural: 'tcproutes', version: 'v1alpha2' },
          { kind: 'TLSRoute', plural: 'tlsroutes', version: 'v1alpha2' },
        ],
      },
    ],
    objects: [
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'GatewayClass',
        metadata: { name: 'portolan' },
        spec: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
      },
    ],
  },
  certificates: {
    image: 'quay.io/jetstack/cert-manager-controller',
    version: 'v1.19.1',
    port: 9402,
    serves: [
      {
        group: 'cert-manager.io',
        kinds: [
          { kind: 'ClusterIssuer', plural: 'clusterissuers', version: 'v1', isClusterWide: true },
          { kind: 'Certificate', plural: 'certificates', version: 'v1' },
        ],
      },
    ],
    objects: [
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'ClusterIssuer',
        metadata: { name: 'portolan' },
        spec: { selfSigned: {} },
      },
    ],
  },
  dns: { image: 'registry.k8s.io/external-dns/external-dns', version: 'v0.19.0', port: 7979, serves: [], objects: [] },
  secrets: {
    image: 'ghcr.io/external-secrets/external-secrets',
    version: 'v0.20.3',
    port: 8080,
    serves: [],
    objects: [],
  },
  metrics: { image: 'quay.io/prometheus/prometheus', version: 'v3.7.3', port: 9090, serves: [], objects: [] },
  logs: { image: 'docker.io/grafana/loki', version: '3.5.7', port: 3100, serves: [], objects: [] },
  autoscaler: {
    image: 'registry.k8s.io/autoscaling/cluster-autoscaler',
    version: 'v1.34.1',
    port: 8085,
    serves: [],
    objects: [],
  },
};

/** The objects of a built-in support service, without its namespace. `version` null: the usual one. */
export function supportServiceObjects(
  service: string,
  namespace: string,
  version: string | null,
): readonly JsonObject[] {
  const recipe = recipes[service];
  if (!recipe) throw new Error(`There is no support service ${service}. This is a defect in Portolan.`);
  const labels = { 'app.kubernetes.io/component': service };
  const image = `${recipe.image}:${version ?? recipe.version}`;
  return [
    ...recipe.serves.flatMap(({ group, kinds }) => kinds.map((each) => definitionOf(group, each))),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: service, namespace } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: service, namespace, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: service,
            containers: [{ name: service, image, ports: [{ name: 'http', containerPort: recipe.port }] }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: service, namespace, labels },
      spec: { selector: labels, ports: [{ name: 'http', port: recipe.port, targetPort: 'http' }] },
    },
    ...recipe.objects,
  ];
}

/** A definition that takes any field: the real ones come with the real controllers. */
function definitionOf(group: string, { kind, plural, version, isClusterWide }: Served['kinds'][number]): JsonObject {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      // The API server refuses definitions of its own groups that no review approved.
      ...(group.endsWith('.k8s.io') && {
        annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api' },
      }),
    },
    spec: {
      group,
      scope: isClusterWide ? 'Cluster' : 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}
