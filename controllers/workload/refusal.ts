import {
  DeniedError,
  ImmutableFieldError,
  InvalidObjectError,
  NamespaceTerminatingError,
  NotFoundError,
  QuotaError,
  WebhookError,
} from '../../drivers/kubernetes/errors.js';
import type { ObjectHealth } from '../../drivers/kubernetes/object-fields.js';
import { errorText } from '../../lib/errors.js';
import { OwnedElsewhereError } from './commit-intended.js';

/** That the API server did not take an object, and why. It may be lost: then the object is sent once more. */
export interface Refusal {
  /** Of the render that it was about. */
  readonly hash: string;
  /** Of the object that was to be changed; null when it was to be made. */
  readonly uid: string | null;
  readonly health: ObjectHealth;
  /** Fields that cannot be changed in that object, when that is all that keeps it. Else null. */
  readonly immutable: readonly string[] | null;
}

/** What an error of an apply says about that one object; null when it is about the cluster or the moment. */
export function refusalOf(error: unknown): Pick<Refusal, 'health' | 'immutable'> | null {
  const message = errorText(error);
  const degraded = (reason: ObjectHealth['reason']): Pick<Refusal, 'health' | 'immutable'> => ({
    health: { health: 'Degraded', reason, message },
    immutable: null,
  });
  if (error instanceof ImmutableFieldError) return { ...degraded('Immutable'), immutable: error.fields };
  if (error instanceof QuotaError) return degraded('QuotaExceeded');
  if (error instanceof WebhookError) return degraded('WebhookFailed');
  if (error instanceof NamespaceTerminatingError) {
    return { health: { health: 'Progressing', reason: 'Terminating', message }, immutable: null };
  }
  if (error instanceof DeniedError && LACKS_RIGHT.test(message)) return degraded('MissingRights');
  if (error instanceof OwnedElsewhereError) return degraded('OwnedElsewhere');
  const isAboutObject = [DeniedError, InvalidObjectError, NotFoundError].some((type) => error instanceof type);
  return isAboutObject ? degraded('ObjectFailed') : null;
}

/** As the API server's authorization says it; admission denies with the same status, and for other reasons. */
const LACKS_RIGHT = /cannot \S+ resource "/;
