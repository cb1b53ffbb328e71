import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { isJsonObject } from '../lib/canonical.js';
import { answer } from './answer.js';
import type { FormatError } from './format-error.js';

/**
 * The media type of the answer where a request can be answered without Apollo; null where Apollo is to look at it: forms
 * that few clients send, and whatever may be wrong with one. See docs/adr/0019-hot-requests-go-past-apollo.md.
 */
export function directMediaType(request: IncomingMessage, body: unknown): string | null {
  if (request.method !== 'POST' || !isJsonObject(body)) return null;
  for (const name in body) if (!known.has(name)) return null;
  const { operationName } = body;
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') return null;
  return mediaTypes.get(request.headers.accept ?? '*/*') ?? null;
}

/** What is more in a body is an extension, and those are Apollo's. */
const known: ReadonlySet<string> = new Set(['query', 'variables', 'operationName']);

const JSON_TYPE = 'application/json; charset=utf-8';
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8';

/** What Apollo chooses, for what clients send. */
const mediaTypes: ReadonlyMap<string, string> = new Map([
  ['*/*', JSON_TYPE],
  ['application/json', JSON_TYPE],
  ['application/json, text/plain, */*', JSON_TYPE],
  ['application/graphql-response+json', GRAPHQL_TYPE],
  ['application/graphql-response+json, application/json', GRAPHQL_TYPE],
]);

/** Writes what an execution gave, as Apollo would. Returns the code of its first error, or OK. */
export function answerDirectly(
  response: ServerResponse,
  mediaType: string,
  { errors, data }: ExecutionResult,
  formatError: FormatError,
): string {
  const formatted = errors && errors.length > 0 ? errors.map(formatError) : null;
  const text = formatted ? JSON.stringify({ errors: formatted, data }) : JSON.stringify({ data });
  answer(response, 200, { 'content-type': mediaType }, `${text}\n`);
  return formatted ? String(formatted[0]?.extensions?.code ?? 'INTERNAL') : 'OK';
}
