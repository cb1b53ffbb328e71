/** The closed list of codes that a client can see in `extensions.code`. */
export const errorCodes = [
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'CONFLICT',
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'BLOCKED',
  'LIMIT_EXCEEDED',
  'CURSOR_EXPIRED',
  'INTERNAL',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** What a person or a program needs besides the sentence. Goes to clients as it is, so never a secret. */
export interface ErrorDetails {
  /** Path of the offending field, from the input's root: `['edits', 0, 'spec', 'runtime']`. */
  readonly path?: readonly (string | number)[];
  /** What stands in the way (BLOCKED), each as `Kind name (id)`. */
  readonly blockers?: readonly string[];
  /** The command or step that helps. */
  readonly next?: string;
  /** More facts, by name. */
  readonly [fact: string]: unknown;
}

/** The base of every error that may cross the graph. `message` says what, where and why; `details.next` what to do. */
export class PortolanError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

/** Thrown when what was sent is malformed, unknown or not allowed by a schema. Fix the input and send it again. */
export class BadInputError extends PortolanError {
  constructor(message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super('BAD_USER_INPUT', message, details, options);
  }
}

/** Thrown when what an input names does not exist, or is not visible to the caller. */
export class NotFoundError extends PortolanError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('NOT_FOUND', message, details);
  }
}

/** Thrown when the world moved on: a stale version, a name that is taken, a fence. Read again, then decide again. */
export class ConflictError extends PortolanError {
  constructor(message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super('CONFLICT', message, details, options);
  }
}

/** Thrown when the caller is known but may not do this. */
export class ForbiddenError extends PortolanError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('FORBIDDEN', message, details);
  }
}

/** Thrown when the caller showed no valid token. */
export class UnauthenticatedError extends PortolanError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('UNAUTHENTICATED', message, details);
  }
}

/** Thrown when a deletion is refused; `details.blockers` lists those that refer to the resource. */
export class BlockedError extends PortolanError {
  constructor(message: string, blockers: readonly string[], details: ErrorDetails = {}) {
    super('BLOCKED', message, { ...details, blockers });
  }
}

/** Thrown when a bound (page size, body size, depth) is passed. The message names the bound. */
export class LimitExceededError extends PortolanError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('LIMIT_EXCEEDED', message, details);
  }
}

/** Thrown when a cursor is of another plane or older than retention. Begin again without one. */
export class CursorExpiredError extends PortolanError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('CURSOR_EXPIRED', message, details);
  }
}

/** Thrown by a reconciler for what the spec alone decides: not tried again until the spec changes. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/** The sentence of an unknown thrown value, with those of its causes: `outer: cause`, or `Outer. (cause)` after a full stop. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const outer = error.message || error.name;
  if (error.cause === undefined) return outer;
  return outer.endsWith('.') ? `${outer} (${errorText(error.cause)})` : `${outer}: ${errorText(error.cause)}`;
}
