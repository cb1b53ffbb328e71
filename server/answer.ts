import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLFormattedError } from 'graphql';
import type { ErrorCode } from '../lib/errors.js';

/** Writes a whole answer. HEAD gets the headers alone. */
export function answer(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): void {
  if (response.headersSent || response.destroyed) return;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  response.writeHead(status, { ...always, ...headers, 'content-length': length });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** Of every answer. Given at once with the rest, they need no look at what was set before. */
const always = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Writes a request error as a GraphQL response: no data, so the newer media type says it by the status as well. */
export function answerErrors(
  request: IncomingMessage,
  response: ServerResponse,
  errors: readonly GraphQLFormattedError[],
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  answer(response, status, { ...headers, 'content-type': mediaTypeFor(request) }, `${JSON.stringify({ errors })}\n`);
}

const GRAPHQL_JSON = 'application/graphql-response+json';

/** GraphQL over HTTP, "Media Types": clients that name the newer one get it, all others application/json. */
export function mediaTypeFor(request: IncomingMessage): string {
  const type = acceptsGraphqlJson(request) ? GRAPHQL_JSON : 'application/json';
  return `${type}; charset=utf-8`;
}

export function acceptsGraphqlJson({ headers: { accept = '' } }: IncomingMessage): boolean {
  const json = accept.indexOf('application/json');
  const graphql = accept.indexOf(GRAPHQL_JSON);
  return graphql >= 0 && (json < 0 || graphql < json);
}

/** The HTTP status of a request error, where the request never became an execution. */
export function statusOf(code: unknown): number {
  switch (code as ErrorCode) {
    case 'UNAUTHENTICATED':
      return 401;
    case 'FORBIDDEN':
      return 403;
    case 'LIMIT_EXCEEDED':
      return 413;
    case 'INTERNAL':
      return 500;
    default:
      return 400;
  }
}
