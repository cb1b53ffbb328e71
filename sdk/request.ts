import { type DocumentNode, print } from 'graphql';
import { isJsonObject } from '../lib/canonical.js';
import type { Clock } from '../lib/clock.js';
import type { ErrorCode } from '../lib/errors.js';
import type { Fetch } from '../lib/fetch.js';
import { type AnsweredError, GraphError, ServerUnreachableError, toGraphError } from './graph-error.js';

export interface RequestOptions {
  /** Of the GraphQL endpoint. */
  readonly url: string;
  readonly token: string;
  readonly clock: Clock;
  /** How long to wait for the whole answer. */
  readonly timeoutMs: number;
  readonly fetch: Fetch;
  /** Any of them ends it. */
  readonly signals: readonly AbortSignal[];
}

/** One GraphQL request over HTTP. Throws GraphError, ServerUnreachableError, or the signal's reason. */
export async function request(
  document: DocumentNode | string,
  variables: object,
  options: RequestOptions,
): Promise<unknown> {
  // One controller and some listeners: AbortSignal.any costs more than all the rest of a small request.
  const ended = new AbortController();
  let isLate = false;
  const cancel = options.clock.after(options.timeoutMs, () => {
    isLate = true;
    ended.abort(new Error(`There was no answer within ${options.timeoutMs} ms`));
  });
  const end = () => ended.abort(options.signals.find(({ aborted }) => aborted)?.reason);
  for (const signal of options.signals) signal.addEventListener('abort', end, { once: true });
  try {
    const response = await options.fetch(options.url, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json',
        authorization: `Bearer ${options.token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ query: documentText(document), variables }),
      signal: ended.signal,
    });
    return readAnswer(options.url, response.status, await response.text());
  } catch (error) {
    if (error instanceof GraphError || error instanceof ServerUnreachableError) throw error;
    for (const signal of options.signals) signal.throwIfAborted();
    throw new ServerUnreachableError(options.url, isLate ? ended.signal.reason : networkCause(error));
  } finally {
    cancel();
    for (const signal of options.signals) signal.removeEventListener('abort', end);
  }
}

/** The text of a document. Printed once: documents are constants. */
export function documentText(document: DocumentNode | string): string {
  if (typeof document === 'string') return document;
  const known = printed.get(document);
  if (known !== undefined) return known;
  const text = print(document);
  printed.set(document, text);
  return text;
}

const printed = new WeakMap<DocumentNode, string>();

function readAnswer(url: string, status: number, text: string): unknown {
  const answer = parse(text);
  if (isJsonObject(answer)) {
    const { errors, data } = answer;
    if (Array.isArray(errors) && errors.length > 0) {
      throw toGraphError(errors as unknown as readonly AnsweredError[], codeOfStatus(status) ?? 'INTERNAL');
    }
    if (status < 300 && data !== undefined) return data;
  }
  const code = codeOfStatus(status);
  const shown = text.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_SHOWN_BODY);
  if (code) throw new GraphError(code, shown || `${url} answered with HTTP status ${status}`);
  throw new ServerUnreachableError(
    url,
    new Error(`HTTP status ${status}, which is not an answer of GraphQL: ${shown}`),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOfStatus(status: number): ErrorCode | null {
  switch (status) {
    case 400:
      return 'BAD_USER_INPUT';
    case 401:
      return 'UNAUTHENTICATED';
    case 403:
      return 'FORBIDDEN';
    case 413:
      return 'LIMIT_EXCEEDED';
    default:
      return null;
  }
}

/** fetch says `fetch failed`; what failed is its cause. */
function networkCause(error: unknown): unknown {
  return error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
}

/** Enough to recognise a proxy's error page, characters. */
const LONGEST_SHOWN_BODY = 200;
