import type { Reason } from '../../../lib/health.js';
import { splitApiVersion } from '../api-version.js';
import type { KubernetesObject } from '../driver.js';
import { number, type ObjectHealth, record } from '../object-fields.js';

/** What rules of health answer with. Messages are sentences for people, empty when there is nothing to add. */
export const healthy: ObjectHealth = { health: 'Healthy', reason: 'Available', message: '' };

/** It did what it was for. */
export const completed: ObjectHealth = { health: 'Healthy', reason: 'Completed', message: 'It has completed.' };

export function progressing(message: string, reason: Reason = 'Progressing'): ObjectHealth {
  return { health: 'Progressing', reason, message };
}

export function degraded(message: string, reason: Reason = 'ObjectFailed'): ObjectHealth {
  return { health: 'Degraded', reason, message };
}

export function suspended(message: string): ObjectHealth {
  return { health: 'Suspended', reason: 'Suspended', message };
}

/** What to say while the status is of an older spec. */
export const behind = progressing('The cluster has not taken up the last change yet.');

/** Whether the status was computed from an older spec. Kinds whose status names no generation are taken at their word. */
export function isBehind(object: KubernetesObject): boolean {
  const observed = record(object.status).observedGeneration;
  if (observed === undefined) return alwaysObserved.has(splitApiVersion(object.apiVersion).group);
  return number(observed, 0) < number(object.metadata.generation, 0);
}

/** Kinds of these groups always get a status; until then nobody has looked at them. */
const alwaysObserved: ReadonlySet<string> = new Set(['apps']);
