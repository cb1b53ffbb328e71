import {
  CredentialRefusedError,
  DeniedError,
  FieldConflictError,
  GoneError,
  InitializingError,
  InvalidObjectError,
  KubernetesError,
  NotFoundError,
  PreconditionError,
  ServerError,
  ThrottledError,
} from './errors.js';
import { refusedObject } from './refused-object.js';
import type { ApiResponse } from './transport.js';

/**
 * The one place that turns an answer which is no success into an error. `what` says what was done to which object, where.
 * The sentence is the server's own (metav1.Status.message).
 */
export function responseError(
  what: string,
  response: Pick<ApiResponse, 'status' | 'retryAfterMs' | 'body'>,
): KubernetesError {
  const { status } = response;
  const said = parseStatus(response.body);
  const message = `${what}: ${said.message || `the answer was HTTP ${status}`}`;
  const retryAfterMs =
    response.retryAfterMs ?? (said.retryAfterSeconds === null ? null : said.retryAfterSeconds * 1000);
  if (status === 401) {
    return new CredentialRefusedError(
      `${what}: the cluster does not accept the credential, it is wrong or has expired.`,
      status,
    );
  }
  const refused = refusedObject(what, { ...said, status });
  if (refused) return refused;
  if (status === 403) return new DeniedError(message, status);
  if (status === 404) return new NotFoundError(message, status);
  if (status === 409) {
    const conflicts = said.causes.filter((cause) => cause.reason === 'FieldManagerConflict').map(toConflict);
    return conflicts.length > 0 ? new FieldConflictError(message, conflicts) : new PreconditionError(message, status);
  }
  if (status === 410) return new GoneError(message, status);
  if ([400, 406, 413, 415, 422].includes(status)) return new InvalidObjectError(message, status);
  if (status === 429 || (status === 503 && retryAfterMs !== null)) {
    if (/storage is \(re\)initializing/.test(said.message)) {
      return new InitializingError(message, status, retryAfterMs ?? DEFAULT_RETRY_AFTER_MS);
    }
    return new ThrottledError(message, status, retryAfterMs ?? DEFAULT_RETRY_AFTER_MS);
  }
  if (status >= 500) return new ServerError(message, status);
  return new KubernetesError(message, status);
}

/** What client-go waits when a 429 names no time. */
const DEFAULT_RETRY_AFTER_MS = 1000;

interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

interface Said {
  readonly message: string;
  readonly retryAfterSeconds: number | null;
  readonly causes: readonly Cause[];
}

/** `message` is like: conflict with "kubectl" using apps/v1; or: conflict with "x" with subresource "scale" using apps/v1. */
function toConflict(cause: Cause): { field: string; manager: string } {
  return { field: cause.field, manager: /^conflict with "([^"]*)"/.exec(cause.message)?.[1] ?? 'unknown' };
}

function parseStatus(body: unknown): Said {
  if (typeof body === 'string') return { message: body.trim().slice(0, 500), retryAfterSeconds: null, causes: [] };
  const status = record(body);
  const details = record(status.details);
  return {
    message: withoutSecrets(text(status.message), text(details.kind)),
    retryAfterSeconds: typeof details.retryAfterSeconds === 'number' ? details.retryAfterSeconds : null,
    causes: (Array.isArray(details.causes) ? details.causes : []).map((cause) => ({
      reason: text(record(cause).reason),
      message: text(record(cause).message),
      field: text(record(cause).field),
    })),
  };
}

/** API servers quote what they refuse; of a Secret that would be the secret. */
function withoutSecrets(message: string, kind: string): string {
  if (kind.toLowerCase() !== 'secret' && kind !== 'secrets' && !message.startsWith('Secret ')) return message;
  return message.replace(/Invalid value: ("(\\.|[^"\\])*"|[^:]*): /g, 'Invalid value: ');
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
