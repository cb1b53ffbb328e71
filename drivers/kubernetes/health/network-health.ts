import type { KubernetesObject } from '../driver.js';
import { list, type ObjectHealth, record, text } from '../object-fields.js';
import { type RelatedObjects, warningOf } from './related-objects.js';
import { degraded, healthy, progressing } from './verdict.js';

/** Whether something answers behind a service is for what runs there to say; a service is asked for its address alone. */
export function serviceHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  if (record(object.spec).type !== 'LoadBalancer' || hasAddress(object)) return healthy;
  const warning = warningOf('balance', object, related);
  if (warning !== '') return degraded(`Its load balancer cannot be made: ${warning}`);
  return progressing('It waits for the address of its load balancer.', 'Pending');
}

export function ingressHealth(object: KubernetesObject): ObjectHealth {
  if (hasAddress(object)) return healthy;
  const name = text(record(object.spec).ingressClassName);
  return progressing(`No ingress controller${name ? ` of class ${name}` : ''} has given it an address yet.`, 'Pending');
}

function hasAddress(object: KubernetesObject): boolean {
  return list(record(record(object.status).loadBalancer).ingress).length > 0;
}
