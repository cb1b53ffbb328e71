import type { KubernetesObject } from '../kubernetes/driver.js';
import { ApiError, type ApiErrorDetails } from './api-error.js';
import type { SandboxType } from './type-table.js';

/** What a request names, whether it is there or not. */
export interface Target {
  readonly type: SandboxType;
  readonly namespace: string | null;
  readonly name: string;
}

/** As API servers name things: `deployments.apps "web"`. */
export function nameOf(target: Target): string {
  return `${target.type.plural}${target.type.group ? `.${target.type.group}` : ''} "${target.name}"`;
}

export function detailsOf({ type, name }: Target): NonNullable<ApiErrorDetails['details']> {
  return { name, ...(type.group ? { group: type.group } : {}), kind: type.plural };
}

export function notFound(target: Target): ApiError {
  return new ApiError(404, 'NotFound', `${nameOf(target)} not found`, { details: detailsOf(target) });
}

export function forbidden(target: Target, why: string, more: Pick<ApiErrorDetails, 'causes'> = {}): ApiError {
  const message = `${nameOf(target)} is forbidden: ${why}`;
  return new ApiError(403, 'Forbidden', message, { details: detailsOf(target), ...more });
}

/** Throws 409 when what a request says it saw is not what is there. */
export function checkSeen(
  target: Target,
  live: KubernetesObject | null,
  seen: Readonly<Record<string, unknown>>,
): void {
  const { uid, resourceVersion } = seen;
  const details = detailsOf(target);
  if (uid !== undefined && uid !== live?.metadata.uid) {
    throw new ApiError(
      409,
      'Conflict',
      `Precondition failed: UID in precondition: ${String(uid)}, UID in object meta: ${live?.metadata.uid ?? ''} (${nameOf(target)})`,
      { details },
    );
  }
  // As with a real API server, a version does not keep an object from being created.
  if (live && resourceVersion && resourceVersion !== live.metadata.resourceVersion) {
    throw new ApiError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${nameOf(target)}: the object has been modified; please apply your changes to the latest version and try again`,
      { details },
    );
  }
}
