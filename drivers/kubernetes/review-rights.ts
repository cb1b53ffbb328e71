import type { ClusterRight } from './driver.js';
import { record } from './object-fields.js';
import { responseError } from './response-error.js';
import type { Transport } from './transport.js';

/**
 * Asks the API server about each right of the caller's own, all at a time: it has no question for several.
 * (https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/)
 */
export async function reviewRights(
  transport: Transport,
  rights: readonly ClusterRight[],
  signal: AbortSignal,
): Promise<readonly ClusterRight[]> {
  const allowed = await Promise.all(rights.map((right) => isAllowed(transport, right, signal)));
  return rights.filter((_right, index) => allowed[index] === false);
}

async function isAllowed(transport: Transport, right: ClusterRight, signal: AbortSignal): Promise<boolean> {
  const response = await transport.request({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: right },
    },
    signal,
  });
  if (response.status === 201) return record(record(response.body).status).allowed === true;
  throw responseError(`Asking ${transport.host} for the right to ${right.verb} ${right.resource}`, response);
}
