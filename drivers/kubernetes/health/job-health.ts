import type { KubernetesObject } from '../driver.js';
import { conditionOf, number, type ObjectHealth, record, text } from '../object-fields.js';
import { creationFailure } from './creation-failure.js';
import { lastFailureOf, worstPodProblem } from './pod-health.js';
import { type RelatedObjects, warningOf } from './related-objects.js';
import { completed, degraded, healthy, progressing, suspended } from './verdict.js';

export function jobHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  const end = endOf(object);
  if (end === 'Complete') return completed;
  if (end === 'Failed') {
    const ended = lastFailureOf(object, related);
    return degraded(`${failureText(object)}${ended === '' ? '' : ` ${ended}`}`);
  }
  if (record(object.spec).suspend === true) return suspended('It is suspended.');
  const status = record(object.status);
  const problem = worstPodProblem(object, related);
  if (problem) return problem;
  const warning = warningOf('create', object, related);
  if (warning !== '' && number(status.active, 0) === 0) return creationFailure(warning);
  return progressing(number(status.failed, 0) > 0 ? 'It runs again after a failure.' : 'It runs.');
}

/** Suspended; or the last of its jobs that has ended failed; or its jobs cannot be made. */
export function cronJobHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  if (record(object.spec).suspend === true) return suspended('It is suspended.');
  const ended = (related.jobs ?? [])
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === object.metadata.uid))
    .filter((job) => endOf(job) !== null)
    .sort((a, b) => (startOf(a) < startOf(b) ? 1 : -1));
  const [last] = ended;
  if (last && endOf(last) === 'Failed') {
    const why = failureText(last).replace(/^It failed/, `Its last job ${last.metadata.name} failed`);
    const exit = lastFailureOf(last, related);
    return degraded(`${why}${exit === '' ? '' : ` ${exit}`}`);
  }
  const warning = warningOf('create', object, related);
  return warning === '' ? healthy : creationFailure(warning, 'jobs');
}

function endOf(job: KubernetesObject): 'Complete' | 'Failed' | null {
  if (conditionOf(job, 'Failed')?.status === 'True') return 'Failed';
  return conditionOf(job, 'Complete')?.status === 'True' ? 'Complete' : null;
}

function failureText(job: KubernetesObject): string {
  const failed = conditionOf(job, 'Failed');
  const why = failed?.message || failed?.reason || 'it does not say why';
  return `It failed: ${/[.!]$/.test(why) ? why : `${why}.`}`;
}

function startOf(job: KubernetesObject): string {
  return text(record(job.status).startTime) || (job.metadata.creationTimestamp ?? '');
}
