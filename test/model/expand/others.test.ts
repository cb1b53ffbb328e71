import test from 'ava';
import type { JsonObject } from '../../../lib/canonical.js';
import type { Expander } from '../../../model/expand/expander.js';
import { expandGateway } from '../../../model/expand/gateway.js';
import { expandKubernetesRuntime } from '../../../model/expand/kubernetes-runtime.js';
import { expandObservabilityStack } from '../../../model/expand/observability-stack.js';
import { expandSupportService } from '../../../model/expand/support-service.js';

function run(expander: Expander, kind: string, spec: JsonObject) {
  return expander({
    resource: { id: '11111111-2222-3333-4444-555555555555', kind, name: 'it', spec, owner: null },
    project: 'default',
    environment: null,
    release: null,
    definition: null,
  });
}

const objectsOf = (child: { spec: JsonObject } | undefined) => (child?.spec.objects ?? []) as unknown as JsonObject[];
const routes = [
  { path: '/', service: 'web', port: 80 },
  { path: '/api', service: 'api', port: 8080 },
];

test('a gateway with two ports and a domain: gateway, record and routes, each after the one before', (t) => {
  const ports = [
    { port: 80, protocol: 'http', redirectToHttps: true },
    { port: 443, protocol: 'https' },
  ];
  const { owned, shared } = run(expandGateway, 'Gateway', {
    runtime: 'prod',
    domain: 'example',
    subdomain: 'www',
    ports,
    routes,
  });
  t.deepEqual(
    owned.map(({ kind, name }) => `${kind} ${name}`),
    ['Workload gateway', 'DnsRecord dns', 'Workload routes'],
  );
  t.deepEqual(
    shared.map(({ name }) => name),
    ['prod-gateway', 'prod-certificates'],
  );
  const [gateway, record, route] = owned;
  t.deepEqual(
    objectsOf(gateway).map(({ kind }) => kind),
    ['Namespace', 'Gateway'],
  );
  t.is(record?.spec.subdomain, 'www');
  t.deepEqual(record?.spec.target, { $output: { from: 'gateway', output: 'address' } });
  t.deepEqual(
    objectsOf(route).map(({ metadata }) => (metadata as JsonObject).name),
    ['it-http-80', 'it-https-443', 'it-tls'],
  );
  const [redirect, secure] = objectsOf(route).map(
    ({ spec }) => spec as { rules: JsonObject[]; hostnames: JsonObject[] },
  );
  t.is(redirect?.rules.length, 1);
  t.is(secure?.rules.length, 2);
  t.deepEqual(secure?.hostnames, [{ $output: { from: 'dns', output: 'host' } }]);
});

test('a gateway for TCP has a route without paths', (t) => {
  const { owned } = run(expandGateway, 'Gateway', {
    runtime: 'prod',
    ports: [{ port: 5432, protocol: 'tcp' }],
    routes,
  });
  t.deepEqual(
    objectsOf(owned[1]).map(({ kind }) => kind),
    ['TCPRoute'],
  );
});

test('TLS without a domain is refused', (t) => {
  const spec = { runtime: 'prod', ports: [{ port: 443, protocol: 'https' }], routes };
  t.throws(() => run(expandGateway, 'Gateway', spec), { message: /a certificate is for a name/ });
});

test('the gateway of a runtime of another project needs the support service of that project', (t) => {
  const { shared, owned } = run(expandGateway, 'Gateway', {
    runtime: 'platform/prod',
    ports: [{ port: 80, protocol: 'http' }],
    routes,
  });
  t.is(shared[0]?.project, 'platform');
  t.is(shared[0]?.spec.runtime, 'prod');
  t.deepEqual(owned[0]?.spec.needs, [
    { kind: 'SupportService', name: 'prod-gateway', scope: 'project', project: 'platform' },
  ]);
});

test('a support service brings its namespace, its definitions and its controller', (t) => {
  const { owned } = run(expandSupportService, 'SupportService', { service: 'gateway', runtime: 'prod' });
  const kinds = new Set(objectsOf(owned[0]).map(({ kind }) => kind));
  t.true(kinds.has('Namespace') && kinds.has('CustomResourceDefinition') && kinds.has('Deployment'));
});

test('an observability stack needs the services that it is not told to do without', (t) => {
  const { shared, references } = run(expandObservabilityStack, 'ObservabilityStack', { runtime: 'prod', logs: false });
  t.deepEqual(
    shared.map(({ name }) => name),
    ['prod-metrics'],
  );
  t.deepEqual(
    references.map(({ path }) => path),
    ['metrics'],
  );
});

test('a runtime in the cloud needs an account, a network, a cluster and machines; another needs nothing', (t) => {
  const { shared, references } = run(expandKubernetesRuntime, 'KubernetesRuntime', { provider: 'cloud', nodes: 3 });
  t.deepEqual(
    shared.map(({ kind }) => kind),
    ['CloudAccount', 'Network', 'CloudCluster', 'NodeGroup'],
  );
  t.is(shared.at(-1)?.spec.nodes, 3);
  t.is(references.length, 2);
  t.deepEqual(run(expandKubernetesRuntime, 'KubernetesRuntime', { provider: 'sandbox' }).shared, []);
});
