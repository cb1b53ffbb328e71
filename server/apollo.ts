import type { IncomingMessage } from 'node:http';
import { ApolloServer, type ApolloServerOptionsWithGateway, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { errorText } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import type { Documents } from './documents.js';
import type { Executor } from './executor.js';
import type { FormatError } from './format-error.js';

export interface Apollo {
  answer(request: ApolloRequest): Promise<ApolloAnswer>;
  close(): Promise<void>;
}

export interface ApolloRequest {
  readonly request: IncomingMessage;
  /** The query of its address, with the question mark. */
  readonly search: string;
  /** Parsed; undefined where it has none. */
  readonly body: unknown;
  readonly context: object;
}

export interface ApolloAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Of the first error, or OK. */
  readonly code: string;
}

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly executor: Executor;
  readonly formatError: FormatError;
  readonly log: Log;
}

/** Apollo without what the handler before it does: parsing, validation and limits come from `documents`. */
export async function createApollo(options: ApolloOptions): Promise<Apollo> {
  const server = new ApolloServer<object>({
    gateway: gatewayOf(options),
    // Nothing of Apollo's depends on the environment: it neither reports to anybody nor shows a page of its own.
    nodeEnv: 'production',
    apollo: {},
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    // A browser cannot send `authorization` to another site without asking first, so it proves as much as Apollo's own headers.
    csrfPrevention: { requestHeaders: ['authorization', 'x-apollo-operation-name', 'apollo-require-preflight'] },
    documentStore: {
      get: async (key) => options.documents.byHash(key.slice(-SHA256_HEX_LENGTH)),
      set: async (_key: string, _document: DocumentNode) => {},
      delete: async () => false,
    },
    formatError: (_formatted, error) => options.formatError(error),
    logger: {
      debug() {},
      info() {},
      warn: (message?: unknown) => options.log.warn('Apollo warns', { reason: errorText(message) }),
      error: (message?: unknown) => options.log.error('Apollo failed', { reason: errorText(message) }),
    },
    plugins: [
      noteOutcome,
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await server.start();
  return {
    async answer({ request, search, body, context }) {
      // What is refused before anything runs never comes to the plugin.
      const outcome: Outcome = { code: 'BAD_USER_INPUT' };
      const { status, headers, ...result } = await server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: request.method ?? 'GET', headers: headersOf(request), search, body },
        context: async () => ({ ...context, [outcomeKey]: outcome }),
      });
      const text = result.body.kind === 'complete' ? result.body.string : '';
      return { status: status ?? 200, headers: Object.fromEntries(headers), text, code: outcome.code };
    },
    close: () => server.stop(),
  };
}

const SHA256_HEX_LENGTH = 64;

/** The only way to give Apollo an executor of one's own. */
function gatewayOf({ schema, executor }: ApolloOptions): ApolloServerOptionsWithGateway<object>['gateway'] {
  return {
    load: async () => ({
      executor: async ({ document, operation, request, context }) =>
        executor({ document, operation, variables: request.variables ?? {}, context }),
    }),
    onSchemaLoadOrUpdate(tell) {
      tell({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    stop: async () => {},
  };
}

interface Outcome {
  code: string;
}

/** Apollo copies the context, so the place goes along in it. */
const outcomeKey = Symbol('outcome');

const noteOutcome: ApolloServerPlugin<{ [outcomeKey]?: Outcome }> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ contextValue, response }) => {
      const outcome = contextValue[outcomeKey];
      const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
      if (outcome) outcome.code = errors?.length ? String(errors[0]?.extensions?.code ?? 'INTERNAL') : 'OK';
    },
  }),
};

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}
