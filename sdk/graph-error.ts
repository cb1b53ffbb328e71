import { type ErrorCode, type ErrorDetails, errorCodes, PortolanError } from '../lib/errors.js';

/** Thrown when the server answered, and the answer is no. `code` says what a caller can do about it. */
export class GraphError extends PortolanError {
  /** Where in the selection it happened; null when the whole request was refused. */
  readonly path: readonly (string | number)[] | null;

  constructor(
    code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
    path: readonly (string | number)[] | null = null,
    options?: ErrorOptions,
  ) {
    super(code, message, details, options);
    this.path = path;
  }
}

/** Thrown when there was no answer, or none of a Portolan server. Whether a mutation happened is not known. `cause` says what was seen. */
export class ServerUnreachableError extends Error {
  override readonly name = 'ServerUnreachableError';
  readonly url: string;
  /** What helps. */
  readonly next: string;

  constructor(url: string, cause: unknown) {
    super(`The Portolan server at ${url} did not answer`, { cause });
    this.url = url;
    this.next = 'Start it with `portolan up`, or say where it is with --server.';
  }
}

/** An error of a GraphQL answer, as far as it is used here. */
export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: { readonly [name: string]: unknown } | undefined;
}

/** The first error as a GraphError; `cause` carries the others. `codeless` stands in where the server gave no known code. */
export function toGraphError(errors: readonly AnsweredError[], codeless: ErrorCode): GraphError {
  const [first, ...others] = errors;
  if (!first) return new GraphError('INTERNAL', 'The server refused, and gave no reason');
  const { code, details, ...facts } = first.extensions ?? {};
  const cause = others.length > 0 ? { cause: new Error(others.map((error) => error.message).join('; ')) } : undefined;
  return new GraphError(
    isErrorCode(code) ? code : codeless,
    first.message,
    isRecord(details) ? details : facts,
    first.path ?? null,
    cause,
  );
}

/** Whether the same request can never succeed, however often it is sent. */
export function isHopeless(error: GraphError): boolean {
  return error.code !== 'INTERNAL' && error.code !== 'LIMIT_EXCEEDED' && error.code !== 'CONFLICT';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isErrorCode(value: unknown): value is ErrorCode {
  return errorCodes.some((code) => code === value);
}
