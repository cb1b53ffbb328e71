import {
  ImmutableFieldError,
  InvalidObjectError,
  type KubernetesError,
  NamespaceTerminatingError,
  QuotaError,
  WebhookError,
} from './errors.js';

/** What the API server said about an object that it does not take. */
export interface RefusedObject {
  readonly status: number;
  /** Its own sentence. */
  readonly message: string;
  readonly causes: readonly { readonly reason: string; readonly message: string; readonly field: string }[];
}

/**
 * The error for a refusal that has a cause somebody can act on; null for all others. The words are those of the API
 * server's admission, which has no codes for them.
 */
export function refusedObject(what: string, refused: RefusedObject): KubernetesError | null {
  const { status, message, causes } = refused;
  const webhook = /(?:failed calling webhook|admission webhook) "([^"]+)"/.exec(message)?.[1];
  if (webhook !== undefined) return new WebhookError(`${what}: ${message}`, status, webhook);
  // A field that is not declared, or a value of another type: server-side apply answers with 500, as for its own failures.
  const [, kind, untyped] = /^failed to create typed patch object \([^)]*Kind=([^)]*)\): (.*)/s.exec(message) ?? [];
  if (untyped !== undefined) return new InvalidObjectError(`${what}: ${plainly(untyped, kind)}`, status);
  if (status === 403) {
    const quota = /exceeded quota: ([^,\s]+)/.exec(message)?.[1];
    if (quota !== undefined) return new QuotaError(`${what}: ${message}`, status, quota);
    const isTerminating = causes.some(({ reason }) => reason === 'NamespaceTerminating');
    return isTerminating ? new NamespaceTerminatingError(`${what}: ${message}`, status) : null;
  }
  // One other mistake in the object, and making it anew would not help.
  if (status !== 422 || causes.length === 0 || !causes.every((cause) => immutable.test(cause.message))) return null;
  const fields = [...new Set(causes.map(({ field }) => field))];
  // The server quotes the whole field, which may be hundreds of lines; what is wrong stands after it.
  const why = causes.map((cause) => immutable.exec(cause.message)?.[0].trim() ?? '').join('; ');
  return new ImmutableFieldError(`${what}: ${fields.join(', ')}: ${why}`, status, fields);
}

/** Without the Go type around a value; of a Secret, without the value. */
function plainly(mistake: string, kind: string | undefined): string {
  return mistake.replace(/&value\.valueUnstructured\{Value:(.*)\}$/s, kind === 'Secret' ? 'another type' : '$1');
}

/** How the validations of built-in kinds say it, in 1.36, and how authors of CRDs mostly do. */
const immutable =
  /[^:]*\bis immutable\b.*|may not change once set|cannot change roleRef|may not be changed in an update.*|updates to statefulset spec for fields other than .* are forbidden|pod updates may not change fields other than .*/m;
