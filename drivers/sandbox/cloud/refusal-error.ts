import { assertNever } from '../../../lib/assert.js';
import {
  AlreadyExistsError,
  BusyError,
  type CloudError,
  ConflictError,
  CredentialRefusedError,
  DeniedError,
  ImmutablePropertyError,
  InUseError,
  InvalidError,
  NotFoundError,
  ProtectedError,
  QuotaError,
  ServerError,
  ThrottledError,
} from '../../cloud/errors.js';
import type { CloudCall } from './cloud-call.js';
import type { CloudRefusal } from './refusal.js';

/** The one place that turns what the simulated cloud refuses into an error. The sentence says what was asked. */
export function refusalError(call: CloudCall, refusal: CloudRefusal): CloudError {
  const message = `Cannot ${callText(call)}: ${refusal.message}.`;
  switch (refusal.code) {
    case 'throttled':
      return new ThrottledError(message, refusal.retryAfterMs);
    case 'credential':
      return new CredentialRefusedError(message);
    case 'denied':
      return new DeniedError(message, refusal.action);
    case 'quota':
      return new QuotaError(message, refusal);
    case 'notFound':
      return new NotFoundError(message);
    case 'alreadyExists':
      return new AlreadyExistsError(message);
    case 'conflict':
      return new ConflictError(message);
    case 'busy':
      return new BusyError(message);
    case 'inUse':
      return new InUseError(message, refusal.users);
    case 'protected':
      return new ProtectedError(message);
    case 'invalid':
      return new InvalidError(message);
    case 'immutable':
      return new ImmutablePropertyError(message, refusal.properties);
    case 'server':
      return new ServerError(message);
    default:
      return assertNever(refusal, 'refusal');
  }
}

function callText(call: CloudCall): string {
  switch (call.verb) {
    case 'identify':
      return 'tell whose the credentials are';
    case 'missingActions':
      return 'tell what the credentials may do';
    case 'list':
      return `list the ${call.query.type ?? 'resource'}s`;
    default:
      return `${call.verb} the ${call.key.type} "${call.key.name}"`;
  }
}
