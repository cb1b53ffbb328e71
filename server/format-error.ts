import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { DatabaseUnavailableError } from '../db/failure.js';
import { type ErrorCode, type ErrorDetails, errorText, PortolanError } from '../lib/errors.js';
import type { Log } from '../lib/log.js';

export type FormatError = (error: unknown) => GraphQLFormattedError;

/**
 * The one place where an error becomes what a client sees: a sentence, a code of the closed list, and details.
 * What is not known is INTERNAL with an id that is found in the log. Never a stack, never what was sent.
 */
export function createFormatError(log: Log, newId: () => string): FormatError {
  return (error) => {
    const where = error instanceof GraphQLError ? placeOf(error) : {};
    const code = codeOf(error);
    if (code !== 'INTERNAL') return { message: messageOf(error), ...where, extensions: { ...detailsOf(error), code } };

    const id = newId();
    const reason = errorText(originalOf(error)).slice(0, MAX_LOGGED);
    if (portolanErrorIn(error) instanceof DatabaseUnavailableError) {
      // Its message is for whoever runs the server: it has the database's address.
      log.warn('The database did not answer a request', { id, reason });
      const next = 'Try again in a moment. /readyz says more.';
      return { message: 'The database does not answer just now.', ...where, extensions: { code, id, next } };
    }
    log.error('A request failed by a defect', { id, reason, at: framesOf(originalOf(error)) });
    const message = `Something went wrong in the server. Its log has more under ${id}.`;
    return { message, ...where, extensions: { code, id } };
  };
}

/** The code under which a client sees an error. */
export function codeOf(error: unknown): ErrorCode {
  const known = portolanErrorIn(error);
  if (known) return known.code;
  const given = givenCode(originalOf(error)) ?? givenCode(error);
  if (given) return given;
  // What has a path was thrown while the graph ran; what has none is about the request.
  const isAboutRequest = error instanceof GraphQLError && !error.originalError && error.path === undefined;
  return isAboutRequest ? 'BAD_USER_INPUT' : 'INTERNAL';
}

function messageOf(error: unknown): string {
  const known = portolanErrorIn(error);
  if (known) return known.message;
  return error instanceof Error ? withoutValues(error.message) : 'Refused.';
}

const detailsOf = (error: unknown): ErrorDetails => portolanErrorIn(error)?.details ?? {};

const originalOf = (error: unknown): unknown =>
  error instanceof GraphQLError ? (error.originalError ?? error) : error;

/** A message of a library may carry a whole statement. */
const MAX_LOGGED = 500;

function portolanErrorIn(error: unknown): PortolanError | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 10; depth++) {
    if (at instanceof PortolanError) return at;
    at = at instanceof GraphQLError ? at.originalError : undefined;
  }
  return null;
}

/** Codes that libraries give: Apollo for malformed requests, type-graphql for rights and validation. */
function givenCode(error: unknown): ErrorCode | null {
  const extensions = (error as { readonly extensions?: { readonly code?: unknown } } | null)?.extensions;
  switch (extensions?.code) {
    case 'UNAUTHENTICATED':
      return 'UNAUTHENTICATED';
    case 'UNAUTHORIZED':
    case 'FORBIDDEN':
      return 'FORBIDDEN';
    case 'BAD_USER_INPUT':
    case 'BAD_REQUEST':
    case 'GRAPHQL_PARSE_FAILED':
    case 'GRAPHQL_VALIDATION_FAILED':
    case 'OPERATION_RESOLUTION_FAILURE':
    case 'PERSISTED_QUERY_NOT_SUPPORTED':
    case 'PERSISTED_QUERY_NOT_FOUND':
      return 'BAD_USER_INPUT';
    default:
      return null;
  }
}

function placeOf(error: GraphQLError): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return { ...(error.locations && { locations: error.locations }), ...(error.path && { path: error.path }) };
}

/** Messages of graphql repeat literals of the document, and those may be secrets. */
function withoutValues(message: string): string {
  return message
    .replace(/, found [\s\S]*$/, '.')
    .replace(/\bvalue: [\s\S]*$/, 'value.')
    .replace(/(Unexpected|found) (String|BlockString) "[\s\S]*$/, '$1 $2.')
    .replace(/got invalid value [\s\S]*$/, 'got an invalid value.');
}

/** Where it was thrown, without the message, which stands beside it. */
function framesOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return frames
    .slice(0, 8)
    .map((line) => line.trim())
    .join(' < ');
}
