import { ApolloServer, type ApolloServerOptionsWithGateway, type ApolloServerPlugin } from '@apollo/server';
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
  readonly server: ApolloServer<object>;
  /** The same context with a place for the code of its answer: of the first error, or OK. */
  note(context: object): { readonly context: object; readonly outcome: Outcome };
}

export interface Outcome {
  code: string;
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
    server,
    note(context) {
      // What is refused before anything runs never comes to the plugin.
      const outcome: Outcome = { code: 'BAD_USER_INPUT' };
      return { context: { ...context, [outcomeKey]: outcome }, outcome };
    },
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
