import { type ExecutionResult, type GraphQLError, getOperationAST } from 'graphql';
import type { Plane } from '../db/bootstrap.js';
import type { Bus } from '../db/bus.js';
import type { Cipher } from '../db/cipher.js';
import type { Actor, Feed, Store } from '../db/contract.js';
import type { Database } from '../db/database.js';
import { createFeed } from '../db/feed.js';
import type { ReadModels } from '../db/read/read-models.js';
import { createStore } from '../db/store.js';
import type { Tokens } from '../db/tokens.js';
import { UnauthenticatedError } from '../lib/errors.js';
import type { GraphContext } from '../resolvers/context.js';
import { createLiveReads } from '../resolvers/live-reads.js';
import { createLoaders, createTurnLoaders } from '../resolvers/loaders.js';
import { builtInKinds } from '../schema/kinds/built-in.js';
import { checkVariables } from '../server/coerce-variables.js';
import { createFormatError } from '../server/format-error.js';
import { isPassing } from '../server/is-passing.js';
import { defaultLimits } from '../server/limits.js';
import { createLiveAnswer, digestOf, type LiveAnswer } from '../server/live-answer.js';
import { createOperations, type Operation } from '../server/operations.js';
import { createProbeBroker } from '../server/probe-broker.js';
import type { SimProcess } from './process.js';
import type { GraphRequest, ServerDoor, ServerSink } from './server-slot.js';
import { sharedGraph } from './shared-graph.js';

export interface SimServerOptions {
  readonly process: SimProcess;
  readonly database: Database;
  readonly reads: ReadModels;
  readonly plane: Plane;
  readonly cipher: Cipher;
  readonly bus: Bus;
  readonly actors: ReadonlyMap<string, Actor>;
  /** What stands in the place of the store: for a simulation that has to find out that it is broken. */
  readonly breakStore?: (store: Store) => Store;
}

export interface SimServer extends ServerDoor {
  readonly feed: Feed;
}

/** What server/main.ts puts together, but for HTTP and sockets: those are the simulated network's. */
export function openSimServer(options: SimServerOptions): SimServer {
  const { process, database, reads, plane, cipher, actors } = options;
  const { clock, random, log } = process;
  const { schema, documents, executor, expanders } = sharedGraph();
  const feed = createFeed({ database, plane, clock, random, log, pollMs: POLL_MS, bus: options.bus });
  const wake = () => feed.wake();
  const made = createStore({ database, plane, registry: builtInKinds, expanders, cipher, random, log, wake });
  const store = options.breakStore?.(made) ?? made;
  const findHolder = (key: string) => reads.leaseHolder(key);
  const probes = createProbeBroker({ findHolder, limits: defaultLimits, clock, random });
  const formatError = createFormatError(log, () => random.uuid());
  const live = createLiveReads<ExecutionResult, SimAnswer>({
    feed,
    clock,
    digest: digestOf,
    isFailed: ({ errors }) => errors?.some(isPassing) ?? false,
    tell: (result, digest) => ({ ...createLiveAnswer(result, digest, formatError), text: textOf(result) }),
  });
  const turnLoaders = createTurnLoaders();
  const createContext = (actor: Actor, given: Pick<GraphContext, 'signal' | 'readSet'>): GraphContext => ({
    actor,
    store,
    reads,
    feed,
    registry: builtInKinds,
    probes,
    clock,
    about: { version: 'sim', schemaVersion: 'sim' },
    tokens: noTokens,
    loaders: given.readSet ? turnLoaders() : createLoaders(),
    ...given,
  });
  const operations = createOperations({ schema, executor, createContext, live });

  const prepare = ({ token, query, variables }: GraphRequest, signal: AbortSignal): Operation | readonly Error[] => {
    const actor = actors.get(token);
    if (!actor) return [new UnauthenticatedError('The token is not known.')];
    const prepared = documents.prepare(query);
    if ('errors' in prepared) return prepared.errors;
    const definition = getOperationAST(prepared.document);
    if (!definition) return [new Error('The document has no operation, or several.')];
    const mistakes = checkVariables(schema, definition, variables);
    return mistakes.length > 0 ? mistakes : { actor, document: prepared.document, definition, variables, signal };
  };
  const textOf = ({ data, errors }: ExecutionResult) =>
    JSON.stringify({ ...(errors && { errors: errors.map(formatError) }), ...(data !== undefined && { data }) });

  return {
    process,
    feed,
    async request(request) {
      const operation = prepare(request, new AbortController().signal);
      if (!('document' in operation)) return textOf({ errors: operation as readonly GraphQLError[] });
      return textOf(await operations.execute(operation));
    },
    subscribe(request, sink) {
      const leaving = new AbortController();
      const operation = prepare(request, leaving.signal);
      if (!('document' in operation)) {
        sink.error(JSON.stringify(operation.map(formatError)));
        return () => {};
      }
      if (operations.isLive(operation)) {
        const reader = {
          take(told: LiveAnswer) {
            if (!sink.hasRoom(() => attachment.resume())) return false;
            sink.next((told as SimAnswer).text);
            return true;
          },
        };
        const attachment = operations.attach(operation, reader);
        return () => {
          leaving.abort();
          attachment.detach();
        };
      }
      let end = () => {};
      void operations.subscribe(operation).then(async (events) => {
        if (!(Symbol.asyncIterator in events)) {
          return sink.error(JSON.stringify((events.errors ?? []).map(formatError)));
        }
        end = () => void events.return?.();
        if (leaving.signal.aborted) return end();
        await pump(events, sink);
      });
      return () => {
        leaving.abort();
        end();
      };
    },
  };

  async function pump(events: AsyncIterableIterator<ExecutionResult>, sink: ServerSink): Promise<void> {
    try {
      for await (const result of events) sink.next(textOf(result));
      sink.complete();
    } catch (error) {
      sink.error(JSON.stringify([formatError(error)]));
    }
  }
}

/** What readers of a live read are told, and as what it goes over the simulated wire. */
interface SimAnswer extends LiveAnswer {
  readonly text: string;
}

/** As in the product. */
const POLL_MS = 3_000;

const noTokens: Tokens = new Proxy({} as Tokens, {
  get(_target, name) {
    throw new Error(`The simulation has no tokens: ${String(name)} was asked for.`);
  },
});
