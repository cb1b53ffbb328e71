import {
  CloudError,
  CredentialRefusedError,
  DeniedError,
  ImmutablePropertyError,
  InUseError,
  InvalidError,
  ProtectedError,
  QuotaError,
  ServerError,
  ThrottledError,
  UnreachableError,
} from '../../drivers/cloud/errors.js';
import { errorText } from '../../lib/errors.js';
import type { Health, Reason } from '../../lib/health.js';
import { ActionError } from '../../sdk/runtime/action-error.js';
import { ObservationError, type Outage } from '../observation-error.js';

/** What an error of a write makes of the resource. All of them are tried again: rights, limits and clouds change without an edit. */
export function toActionError(what: string, error: unknown): unknown {
  if (!(error instanceof CloudError)) return error;
  const { health, reason } = meaningOf(error);
  return new ActionError(what, { health, reason }, { cause: error });
}

/** What an error of a look says about the reach of the cloud; null when it says nothing of that. */
export function cloudOutageOf(error: unknown): Outage | null {
  const seen = error instanceof ObservationError ? error.cause : error;
  if (seen instanceof ThrottledError || error instanceof ActionError) return null;
  if (seen instanceof CloudError) return { reason: meaningOf(seen).reason, message: errorText(seen) };
  return error instanceof ObservationError ? { reason: 'CloudUnreachable', message: errorText(seen) } : null;
}

interface Meaning {
  readonly health: Health;
  readonly reason: Reason;
}

function meaningOf(error: CloudError): Meaning {
  if (error instanceof UnreachableError) return { health: 'Unknown', reason: 'CloudUnreachable' };
  if (error instanceof ServerError) return { health: 'Progressing', reason: 'CloudUnreachable' };
  if (error instanceof ThrottledError) return { health: 'Progressing', reason: 'Throttled' };
  if (error instanceof CredentialRefusedError) return { health: 'Degraded', reason: 'CredentialRefused' };
  if (error instanceof DeniedError) return { health: 'Degraded', reason: 'MissingRights' };
  if (error instanceof QuotaError) return { health: 'Degraded', reason: 'QuotaExceeded' };
  if (error instanceof ImmutablePropertyError) return { health: 'Degraded', reason: 'Immutable' };
  if (error instanceof InvalidError) return { health: 'Degraded', reason: 'Invalid' };
  if (error instanceof InUseError || error instanceof ProtectedError) {
    return { health: 'Degraded', reason: 'DeleteBlocked' };
  }
  return { health: 'Progressing', reason: 'Pending' };
}
