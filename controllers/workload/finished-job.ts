import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { type ObjectHealth, record } from '../../drivers/kubernetes/object-fields.js';
import type { ObjectView } from '../../sdk/resource.js';
import { marksOf } from '../marks.js';
import type { RenderedObject } from './render.js';

/**
 * Whether a Job that is not there has done its work and went by its own ttlSecondsAfterFinished: then it is not made
 * again while its render is the same. `last`: as it was seen to go. Pure.
 */
export function isFinishedJob(
  { name, object, hash }: RenderedObject,
  row: ObjectView | null,
  last: KubernetesObject | null,
): boolean {
  if (name.kind !== 'Job' || name.group !== 'batch') return false;
  if (typeof record(object.spec).ttlSecondsAfterFinished !== 'number') return false;
  if (row?.reason === 'Completed' && row.appliedHash === hash) return true;
  return last !== null && marksOf(last).renderHash === hash;
}

export const finishedHealth: ObjectHealth = {
  health: 'Healthy',
  reason: 'Completed',
  message: 'It has completed, and its own ttlSecondsAfterFinished removed it.',
};
