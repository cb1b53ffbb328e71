import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, record } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';
import { outsideAddress } from './service.js';

/** Where the definitions of the Gateway API are installed, a gateway is taken up after a while, as by a controller of its class. */
export function gateway(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  if (!cluster.hasElapsed(object, 'address', cluster.delays.loadBalancerMs)) return;
  const { generation: observedGeneration } = object.metadata;
  const say = (type: string, reason: string, isTrue = true) => ({
    ...condition(object, cluster.now, type, isTrue, reason),
    observedGeneration,
  });
  cluster.setStatus(object, {
    addresses: [{ type: 'IPAddress', value: outsideAddress(object) }],
    conditions: [say('Accepted', 'Accepted'), say('Programmed', 'Programmed')],
    listeners: list(record(object.spec).listeners).map((listener) => ({
      name: record(listener).name,
      attachedRoutes: 0,
      conditions: [
        say('Accepted', 'Accepted'),
        say('Programmed', 'Programmed'),
        say('ResolvedRefs', 'ResolvedRefs'),
        say('Conflicted', 'NoConflicts', false),
      ],
    })),
  });
}

/** A route is accepted by the gateways that it names and that are there. */
export function httpRoute(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  const { namespace = '', generation: observedGeneration } = object.metadata;
  const references = list(record(object.spec).parentRefs).map(record);
  const found = references.filter(
    ({ name, namespace: of = namespace }) =>
      cluster.store.get('gateway.networking.k8s.io/Gateway', String(of), String(name)) !== null,
  );
  const say = (type: string) => ({ ...condition(object, cluster.now, type, true, type), observedGeneration });
  cluster.setStatus(object, {
    parents: found.map((parentRef) => ({
      parentRef,
      controllerName: 'sandbox.test/gateways',
      conditions: [say('Accepted'), say('ResolvedRefs')],
    })),
  });
  if (found.length < references.length) cluster.retry(object, 'find', cluster.delays.retryMs);
}
