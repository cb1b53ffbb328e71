/** The base of what a cluster can answer but success. `message` names the request; nothing in it is secret. */
export class KubernetesError extends Error {
  /** HTTP status, or 0 when there was no answer. */
  readonly status: number;

  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.status = status;
  }
}

/** Thrown when there was no answer: refused, timed out, name not found, certificate not trusted. */
export class UnreachableError extends KubernetesError {
  /** Whether nothing was sent. Else it is not known whether a write happened, or is still to happen. */
  readonly isUnsent: boolean;

  constructor(message: string, { isUnsent = false, ...options }: ErrorOptions & { readonly isUnsent?: boolean } = {}) {
    super(message, 0, options);
    this.isUnsent = isUnsent;
  }
}

/** Thrown when a stream that had begun was cut. What it brought until then is right, and it may be opened again where it ended. */
export class ConnectionCutError extends UnreachableError {}

/** Thrown on 401: the token or certificate is wrong or expired. Renew the credential. */
export class CredentialRefusedError extends KubernetesError {}

/** Thrown on 403: the credential is good but lacks a right, or a quota is used up. The server's sentence names it. */
export class DeniedError extends KubernetesError {}

/** Thrown on 403 when a quota of the namespace is used up. Free some of it or raise it; nothing is wrong with the object. */
export class QuotaError extends DeniedError {
  /** Name of the ResourceQuota. */
  readonly quota: string;

  constructor(message: string, status: number, quota: string) {
    super(message, status);
    this.quota = quota;
  }
}

/** Thrown on 403 when the namespace is being deleted. It can be made there again once that is done. */
export class NamespaceTerminatingError extends DeniedError {}

/** Thrown when an admission webhook refused the object, or did not answer. */
export class WebhookError extends KubernetesError {
  /** Name of the webhook, as its configuration has it. */
  readonly webhook: string;

  constructor(message: string, status: number, webhook: string) {
    super(message, status);
    this.webhook = webhook;
  }
}

/** Thrown on 404 where a write needs what is not there: the namespace or the kind. */
export class NotFoundError extends KubernetesError {}

/** Thrown on 409 of a server-side apply without force. */
export class FieldConflictError extends KubernetesError {
  readonly conflicts: readonly { readonly field: string; readonly manager: string }[];

  constructor(message: string, conflicts: FieldConflictError['conflicts']) {
    super(message, 409);
    this.conflicts = conflicts;
  }
}

/** Thrown on any other 409: the object is not as it was seen. Observe again. */
export class PreconditionError extends KubernetesError {}

/** Thrown on 410 of a watch or a list page. List again. */
export class GoneError extends KubernetesError {}

/** Thrown on 400, 413 and 422, and on the 500 of a field that is not declared: the API server does not take the object. Its sentence says why. */
export class InvalidObjectError extends KubernetesError {}

/** Thrown on 422 when all that keeps an update are fields that cannot be changed once the object is there. */
export class ImmutableFieldError extends InvalidObjectError {
  /** As the API server names them: `spec.template`. */
  readonly fields: readonly string[];

  constructor(message: string, status: number, fields: readonly string[]) {
    super(message, status);
    this.fields = fields;
  }
}

/** Thrown on 429 and 503 with Retry-After. */
export class ThrottledError extends KubernetesError {
  readonly retryAfterMs: number;

  constructor(message: string, status: number, retryAfterMs: number) {
    super(message, status);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Thrown while the API server takes up a definition that was just made: it serves the kind in a moment. */
export class InitializingError extends ThrottledError {}

/** Thrown on other 5xx. */
export class ServerError extends KubernetesError {}
