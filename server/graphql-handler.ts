import type { IncomingMessage, ServerResponse } from 'node:http';
import { type GraphQLSchema, getOperationAST, Kind, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { isJsonObject, type Json, type JsonObject } from '../lib/canonical.js';
import type { Clock } from '../lib/clock.js';
import { BadInputError } from '../lib/errors.js';
import { acceptsGraphqlJson, answer, answerErrors, statusOf } from './answer.js';
import type { Apollo } from './apollo.js';
import { type Authenticate, authenticateBearer } from './bearer.js';
import { checkVariables } from './coerce-variables.js';
import { answerDirectly, directMediaType } from './direct-answer.js';
import type { Documents } from './documents.js';
import type { Executor } from './executor.js';
import type { FormatError } from './format-error.js';
import { watchLeaving } from './leaving.js';
import type { Limits } from './limits.js';
import type { Metrics, OperationType } from './metrics.js';
import type { CreateContext } from './operations.js';
import { bodyTooLarge, discardBody, readBody } from './read-body.js';

export interface GraphqlHandlerOptions {
  readonly schema: GraphQLSchema;
  readonly apollo: Apollo;
  readonly documents: Documents;
  readonly executor: Executor;
  readonly limits: Limits;
  readonly authenticate: Authenticate;
  readonly createContext: CreateContext;
  readonly formatError: FormatError;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/**
 * POST and GET /graphql. In this order: who asks (before a byte of the body is read), the body, the document with
 * its limits, the variables. Then what clients send all day is run and answered here, and the rest goes to Apollo; so is
 * what is refused before. Both have the same form.
 */
export function createGraphqlHandler(options: GraphqlHandlerOptions) {
  const { limits, documents, executor, apollo, metrics, clock } = options;

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startMs = clock.monotonicMs();
    let operation: OperationDefinitionNode | null = null;
    const ended = (code: string) => {
      const type: OperationType = operation?.operation ?? 'unknown';
      metrics.operationEnded(operation?.name?.value ?? null, type, code, (clock.monotonicMs() - startMs) / 1000);
    };
    const refuse = (errors: readonly unknown[], documentIsAtFault = false) => {
      const formatted = errors.map(options.formatError);
      const code = formatted[0]?.extensions?.code;
      // GraphQL over HTTP, "application/json": a well-formed request is 200, whatever is wrong with its document.
      const isWellFormed = documentIsAtFault && code === 'BAD_USER_INPUT' && !acceptsGraphqlJson(request);
      const status = isWellFormed ? 200 : statusOf(code);
      const challenge: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer realm="portolan"' } : {};
      discardBody(request, 2 * limits.mutationBodyBytes);
      ended(String(code));
      answerErrors(request, response, formatted, status, challenge);
    };

    try {
      const actor = await authenticateBearer(request.headers.authorization, options.authenticate);
      const { body, bytes, search } = await readRequest(request, limits);
      const source = sourceOf(body, search);
      if (source !== null) {
        const prepared = documents.prepare(source);
        if ('errors' in prepared) return refuse(prepared.errors, true);
        operation = getOperationAST(prepared.document, operationNameOf(body, search)) ?? null;
        if (!operation) return refuse([noSuchOperation()], true);
        if (bytes > limits.queryBodyBytes && !mayBeLarge(operation)) {
          return refuse([bodyTooLarge(limits.queryBodyBytes)]);
        }
        if (operation.operation === 'subscription') return refuse([subscriptionOverHttp()], true);
        const variables = variablesOf(body, search);
        const mistakes = variables ? checkVariables(options.schema, operation, variables) : [];
        if (mistakes.length > 0) return refuse(mistakes, true);

        const mediaType = variables && directMediaType(request, body);
        if (mediaType) {
          const isQuery = operation.operation === OperationTypeNode.QUERY;
          const context = options.createContext(actor, watchLeaving(response), { isQuery });
          const result = await executor({ document: prepared.document, operation, variables, context });
          ended(answerDirectly(response, mediaType, result, options.formatError));
          return;
        }
      }

      const context = options.createContext(actor, watchLeaving(response));
      const { status, headers, text, code } = await apollo.answer({ request, search, body, context });
      ended(code);
      answer(response, status, headers, text);
    } catch (error) {
      refuse([error]);
    }
  };
}

/** A plan carries what it is of, as the mutation does that would make it so. */
function mayBeLarge({ operation, selectionSet }: OperationDefinitionNode): boolean {
  const isPlan = ({ kind, name }: { readonly kind: Kind; readonly name?: { readonly value: string } }) =>
    kind === Kind.FIELD && (name?.value === 'objectPlan' || name?.value === 'plan');
  return operation === 'mutation' || selectionSet.selections.some(isPlan);
}

async function readRequest(request: IncomingMessage, limits: Limits) {
  const { url = '/' } = request;
  const search = url.includes('?') ? new URL(url, 'http://server').search : '';
  if (request.method !== 'POST') return { body: undefined, bytes: 0, search };
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (encoding !== 'identity') {
    throw new BadInputError(`Bodies with content-encoding "${encoding.slice(0, 40)}" are not read. Send it plain.`);
  }
  if (!/^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type)) {
    throw new BadInputError('The body has to be sent with "content-type: application/json", in UTF-8.');
  }
  const bytes = await readBody(request, limits.mutationBodyBytes);
  return { body: parseJson(bytes), bytes: bytes.length, search };
}

/** The message of JSON.parse is not passed on: it repeats a part of the text. */
function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new BadInputError('The body is not JSON. It has to be an object with `query`, and `variables` if need be.');
  }
}

/** The document's text, or null where Apollo is to say what is wrong with the request. */
function sourceOf(body: unknown, search: string): string | null {
  if (body !== undefined) return isJsonObject(body) && typeof body.query === 'string' && body.query ? body.query : null;
  const sources = new URLSearchParams(search).getAll('query');
  return sources.length === 1 && sources[0] ? sources[0] : null;
}

/** What was given; null where Apollo is to say what is wrong with it. */
function variablesOf(body: unknown, search: string): JsonObject | null {
  const given = body === undefined ? searchVariables(search) : isJsonObject(body) ? body.variables : null;
  return isJsonObject(given ?? {}) ? ((given ?? {}) as JsonObject) : null;
}

function searchVariables(search: string): Json {
  const text = new URLSearchParams(search).get('variables');
  try {
    return text === null ? null : (JSON.parse(text) as Json);
  } catch {
    return text;
  }
}

function operationNameOf(body: unknown, search: string): string | null {
  const name = isJsonObject(body) ? body.operationName : new URLSearchParams(search).get('operationName');
  return typeof name === 'string' ? name : null;
}

function noSuchOperation(): BadInputError {
  return new BadInputError(
    'The document has no such operation: operationName has to be the name of one that is in it.',
  );
}

function subscriptionOverHttp(): BadInputError {
  return new BadInputError('Subscriptions are served over a WebSocket at the same address, by graphql-transport-ws.', {
    next: 'Open a WebSocket with the subprotocol graphql-transport-ws.',
  });
}
