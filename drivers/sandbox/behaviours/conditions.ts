import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, record } from '../../kubernetes/object-fields.js';

/** A condition for an object's status. The transition time stays as long as the status does. */
export function condition(
  object: KubernetesObject,
  now: string,
  type: string,
  isTrue: boolean,
  reason: string,
  message = '',
): Readonly<Record<string, unknown>> {
  const status = isTrue ? 'True' : 'False';
  const before = list(record(object.status).conditions)
    .map(record)
    .find((each) => each.type === type);
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now;
  return { type, status, lastTransitionTime, ...(reason ? { reason } : {}), ...(message ? { message } : {}) };
}
