import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';

/** Available as soon as its service has something behind it; one without a service is the API server's own. */
export function apiService(object: KubernetesObject, cluster: BehaviourCluster): void {
  if (object.metadata.deletionTimestamp) return;
  const { service } = record(object.spec);
  const say = (isTrue: boolean, reason: string, message: string) =>
    cluster.setStatus(object, {
      conditions: [condition(object, cluster.now, 'Available', isTrue, reason, message)],
    });
  if (!service) {
    say(true, 'Local', 'Local APIServices are always available');
    return;
  }
  const { namespace, name } = record(service);
  const found = cluster.store.get('/Service', text(namespace), text(name));
  const where = `service/${text(name)} in "${text(namespace)}"`;
  const slices = found ? cluster.store.dependents(found.metadata.uid ?? '') : [];
  const isServed = slices.some((slice) =>
    list(slice.endpoints).some((each) => record(record(each).conditions).ready === true),
  );
  if (!found) say(false, 'ServiceNotFound', `${where} is not present`);
  else if (!isServed) say(false, 'MissingEndpoints', `endpoints for ${where} have no addresses`);
  else say(true, 'Passed', 'all checks passed');
  // It is asked again and again, as an API server does.
  if (!isServed) cluster.retry(object, 'look', cluster.delays.retryMs);
}
