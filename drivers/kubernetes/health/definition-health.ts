import type { KubernetesObject } from '../driver.js';
import { conditionOf, type ObjectHealth } from '../object-fields.js';
import { degraded, healthy, progressing } from './verdict.js';

/** Of a CustomResourceDefinition. */
export function definitionHealth(object: KubernetesObject): ObjectHealth {
  const names = conditionOf(object, 'NamesAccepted');
  if (names?.status === 'False') return degraded(`Its names are not accepted: ${names.message}`);
  if (conditionOf(object, 'Established')?.status === 'True') return healthy;
  return progressing('The cluster does not serve it yet.', 'Pending');
}

/** Of an APIService: a part of the API that another server answers. */
export function apiServiceHealth(object: KubernetesObject): ObjectHealth {
  const available = conditionOf(object, 'Available');
  if (available?.status === 'True') return healthy;
  if (!available || available.status === 'Unknown' || notYet.has(available.reason)) {
    return progressing(available?.message || 'The cluster does not serve it yet.', 'Pending');
  }
  return degraded(`It cannot be reached: ${available.message || available.reason}`);
}

/** What is behind it is still being set up. */
const notYet: ReadonlySet<string> = new Set([
  'ServiceNotFound',
  'ServicePortError',
  'EndpointsNotFound',
  'MissingEndpoints',
]);
