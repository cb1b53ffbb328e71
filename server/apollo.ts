import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { errorText } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import type { Documents } from './documents.js';
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
  readonly formatError: FormatError;
  readonly log: Log;
}

/** Apollo without what the handler before it does: parsing, validation and limits come from `documents`. */
export async function createApollo(options: ApolloOptions): Promise<Apollo> {
  const server = new ApolloServer<object>({
    schema: options.schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    // The handler in front of Apollo answers those by itself, with the path of the field.
    status400ForVariableCoercionErrors: false,
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
    plugins: [noteOutcome],
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
