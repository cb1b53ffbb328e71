import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { degraded, type HealthRow, healthy, object, progressing, warning } from './row.js';

const gatewayApi = 'gateway.networking.k8s.io/v1';
const at = (type: string, status: string, reason = '', message = '', observedGeneration = 2) => ({
  type,
  status,
  reason,
  message,
  observedGeneration,
});
const accepted = at('Accepted', 'True');
const programmed = at('Programmed', 'True');
const edge = { parentRef: { name: 'edge' }, controllerName: 'example.com/controller' };

/** What leads requests to pods. */
export const networkRows: readonly HealthRow[] = [
  {
    title: 'a load balancer without an address is Progressing',
    why: 'nobody can reach it yet',
    object: object('v1', 'Service', { type: 'LoadBalancer' }, { loadBalancer: {} }),
    expected: progressing('It waits for the address of its load balancer.', 'Pending'),
  },
  {
    title: 'a load balancer with an address is Healthy',
    why: 'it can be reached',
    object: object('v1', 'Service', { type: 'LoadBalancer' }, { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } }),
    expected: healthy,
  },
  {
    title: 'a load balancer that cannot be made says why, from the event',
    why: 'its status says nothing',
    object: object('v1', 'Service', { type: 'LoadBalancer' }, {}),
    warnings: { 'Service/web': warning('balance', 'Error syncing load balancer: no subnets') },
    expected: degraded('Its load balancer cannot be made: Error syncing load balancer: no subnets'),
  },
  {
    title: 'a service inside the cluster is Healthy at once',
    why: 'there is nothing to wait for',
    object: object('v1', 'Service', { type: 'ClusterIP' }, { loadBalancer: {} }),
    expected: healthy,
  },
  {
    title: 'an Ingress with an address is Healthy',
    why: 'a controller has taken it up',
    object: object('networking.k8s.io/v1', 'Ingress', {}, { loadBalancer: { ingress: [{ hostname: 'lb.test' }] } }),
    expected: healthy,
  },
  {
    title: 'an Ingress without an address is Progressing, and names its class',
    why: 'perhaps nobody serves that class',
    object: object('networking.k8s.io/v1', 'Ingress', { ingressClassName: 'nginx' }, {}),
    expected: progressing('No ingress controller of class nginx has given it an address yet.', 'Pending'),
  },
  {
    title: 'a Gateway that is accepted and programmed is Healthy',
    why: 'requests arrive',
    object: gateway([accepted, programmed]),
    expected: healthy,
  },
  {
    title: 'a Gateway that nobody has taken up is Progressing, and names its class',
    why: 'that is what a new one says of itself',
    object: gateway([at('Accepted', 'Unknown', 'Pending', 'Waiting for controller')]),
    expected: progressing('No controller of the gateway class shared has taken it up yet.'),
  },
  {
    title: 'a Gateway whose conditions are of an older generation is Progressing',
    why: 'they are about the old spec',
    object: gateway([at('Accepted', 'True', '', '', 1), at('Programmed', 'True', '', '', 1)]),
    expected: progressing('No controller of the gateway class shared has taken it up yet.'),
  },
  {
    title: 'a Gateway that is not accepted is Degraded',
    why: 'somebody must change it',
    object: gateway([at('Accepted', 'False', 'InvalidParameters', 'no such parameters')]),
    expected: degraded('It is not accepted: no such parameters'),
  },
  {
    title: 'a Gateway without an address yet is Progressing',
    why: 'time mends it',
    object: gateway([accepted, at('Programmed', 'False', 'AddressNotAssigned', 'no address yet')]),
    expected: progressing('It is being set up: no address yet'),
  },
  {
    title: 'a Gateway that cannot be set up is Degraded',
    why: 'time does not mend it',
    object: gateway([accepted, at('Programmed', 'False', 'NoResources')]),
    expected: degraded('It cannot be set up: NoResources'),
  },
  {
    title: 'a Gateway names the listener whose certificate is not there',
    why: 'the gateway itself is accepted',
    object: gateway(
      [accepted, programmed],
      [{ name: 'https', conditions: [at('ResolvedRefs', 'False', 'InvalidCertificateRef', 'secret tls not found')] }],
    ),
    expected: degraded('Its listener https does not find what it points to: secret tls not found'),
  },
  {
    title: 'a Gateway names the listener that conflicts with another',
    why: 'one of both does not listen',
    object: gateway(
      [accepted, programmed],
      [{ name: 'http', conditions: [at('Conflicted', 'True', 'HostnameConflict')] }],
    ),
    expected: degraded('Its listener http conflicts with another: HostnameConflict'),
  },
  {
    title: 'a Gateway names the listener that is not accepted',
    why: 'it does not listen',
    object: gateway(
      [accepted, programmed],
      [{ name: 'http', conditions: [at('Accepted', 'False', 'PortUnavailable')] }],
    ),
    expected: degraded('Its listener http is not accepted: PortUnavailable'),
  },
  ...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].flatMap((kind): readonly HealthRow[] => [
    {
      title: `a ${kind} that its gateway accepts is Healthy`,
      why: 'requests arrive',
      object: route(kind, [{ ...edge, conditions: [accepted, at('ResolvedRefs', 'True')] }]),
      expected: healthy,
    },
    {
      title: `a ${kind} that its gateway has not taken up is Progressing, and names the gateway`,
      why: 'perhaps it is not there yet',
      object: route(kind, []),
      expected: progressing('Gateway edge has not taken it up yet.'),
    },
    {
      title: `a ${kind} whose acceptance is of an older generation is Progressing`,
      why: 'it is about the old spec',
      object: route(kind, [{ ...edge, conditions: [at('Accepted', 'True', '', '', 1)] }]),
      expected: progressing('Gateway edge has not taken it up yet.'),
    },
    {
      title: `a ${kind} that its gateway does not accept is Degraded`,
      why: 'somebody must change one of both',
      object: route(kind, [
        { ...edge, conditions: [at('Accepted', 'False', 'NotAllowedByListeners', 'other namespaces only')] },
      ]),
      expected: degraded('Gateway edge does not accept it: other namespaces only'),
    },
    {
      title: `a ${kind} to a service that is not there is Degraded`,
      why: 'requests arrive and go nowhere',
      object: route(kind, [
        { ...edge, conditions: [accepted, at('ResolvedRefs', 'False', 'BackendNotFound', 'service web not found')] },
      ]),
      expected: degraded('Gateway edge does not find what it points to: service web not found'),
    },
  ]),
];

function gateway(conditions: readonly object[], listeners: readonly object[] = []): KubernetesObject {
  return object(gatewayApi, 'Gateway', { gatewayClassName: 'shared' }, { conditions, listeners });
}

function route(kind: string, parents: readonly object[]): KubernetesObject {
  return object(gatewayApi, kind, { parentRefs: [{ name: 'edge' }] }, { parents });
}
