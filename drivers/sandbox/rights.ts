import { record, text } from '../kubernetes/object-fields.js';
import { ApiError } from './api-error.js';
import type { ClusterStore } from './cluster-store.js';
import type { Fault, FaultSubject, Faults, Verb } from './faults.js';

/*
 * Whoever gets in may do everything, but for what a `forbidden` fault takes away. The fault is the same for who asks what
 * it may do (SelfSubjectAccessReview) and for who just does it.
 */

/** The answer to a SelfSubjectAccessReview. It does not use a fault up. */
export function reviewAccess(store: ClusterStore, faults: Faults, body: unknown): object {
  const { resourceAttributes } = record(record(body).spec);
  const { verb, group = '', resource, namespace } = record(resourceAttributes);
  const type = store.types().find((each) => each.plural === resource && each.group === group);
  const denies = ({ kind, match = {} }: Fault): boolean =>
    kind === 'forbidden' &&
    (match.cluster === undefined || match.cluster === store.name) &&
    (match.kind === undefined || resource === '*' || match.kind === type?.kind) &&
    (match.verb === undefined || verb === '*' || rightOf(match.verb) === verb) &&
    // A right in all namespaces is lacking when it is in one of them.
    (match.namespace === undefined || namespace === undefined || match.namespace === namespace);
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: record(body).spec,
    status: { allowed: !faults.list().some(denies) },
  };
}

/** Throws 403 when a fault takes the right away. */
export function checkRight(store: ClusterStore, faults: Faults, subject: FaultSubject, user: string): void {
  if (subject.kind === null || subject.verb === null || !faults.take('forbidden', subject)) return;
  const type = store.types().find(({ kind }) => kind === subject.kind);
  const { plural = '', group = '' } = type ?? {};
  const what = `${plural}${group ? `.${group}` : ''}${subject.name === null ? '' : ` "${subject.name}"`}`;
  const where = subject.namespace === null ? 'at the cluster scope' : `in the namespace "${subject.namespace}"`;
  const right = `cannot ${rightOf(subject.verb)} resource "${plural}" in API group "${group}" ${where}`;
  throw new ApiError(403, 'Forbidden', `${what} is forbidden: User "${text(user)}" ${right}`, {
    details: { name: subject.name ?? '', ...(group ? { group } : {}), kind: plural },
  });
}

/** The verb of authorization for what is done. */
function rightOf(verb: Verb): string {
  return verb === 'apply' ? 'patch' : verb === 'discover' ? 'get' : verb;
}
