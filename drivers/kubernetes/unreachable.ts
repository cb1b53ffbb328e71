import { UnreachableError } from './errors.js';

/** Says in words why there was no answer from `host`. */
export function unreachable(host: string, cause: unknown): UnreachableError {
  const code = codeOf(cause);
  const why = code === null ? undefined : causes[code];
  const text = why ?? (cause instanceof Error ? cause.message : String(cause));
  const isUnsent = why !== undefined && !cut.has(code ?? '');
  return new UnreachableError(`Cannot reach the API server at ${host}: ${text}.`, { cause, isUnsent });
}

/** After these something may have been sent. All others say that no connection came about. */
const cut = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** Codes of node:net, node:dns and OpenSSL (https://nodejs.org/api/errors.html, https://nodejs.org/api/tls.html). */
const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused, nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOENT: 'its socket does not exist',
  ENOTFOUND: 'its name was not found',
  EAI_AGAIN: 'its name could not be looked up, the name server does not answer',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to its network',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; compare the clocks',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted (self-signed); give its CA',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted (self-signed CA); give that CA',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is not trusted (unknown CA); give its CA',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted (unknown CA); give its CA',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted (unknown CA); give its CA',
  CERT_SIGNATURE_FAILURE: 'its certificate is not trusted (signed by another CA of that name)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on that port',
  EPROTO: 'TLS could not be agreed on',
};

function codeOf(cause: unknown): string | null {
  if (cause instanceof AggregateError) return codeOf(cause.errors[0]);
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return null;
  return typeof cause.code === 'string' ? cause.code : null;
}
