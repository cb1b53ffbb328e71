import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { Actor, Feed } from '../db/contract.js';
import { canonicalJson } from '../lib/canonical.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { Random } from '../lib/random.js';
import { createLiveReads } from '../resolvers/live-reads.js';
import { createAccess } from './access.js';
import { answer } from './answer.js';
import { createApollo } from './apollo.js';
import { createDocuments } from './documents.js';
import { createExecutor } from './executor.js';
import { explorerRoutes } from './explorer/routes.js';
import { codeOf, createFormatError } from './format-error.js';
import { createGraphqlHandler } from './graphql-handler.js';
import { createReadyRoute, healthRoute, type ReadinessCheck } from './health.js';
import { openHttpServer, type Route } from './http.js';
import type { Limits } from './limits.js';
import { createMetrics, type Metrics } from './metrics.js';
import { type CreateContext, createOperations } from './operations.js';
import type { ProbeBroker } from './probe-broker.js';
import { createSockets } from './sockets.js';
import { uiRoutes } from './ui/routes.js';

export interface GraphServerOptions {
  readonly host: string;
  readonly port: number;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly limits: Limits;
  readonly schema: GraphQLSchema;
  readonly feed: Feed;
  /** For the metrics. */
  readonly probes?: Pick<ProbeBroker, 'stats'>;
  /** Whose token it is; null: nobody's. */
  authenticate(token: string): Promise<Actor | null>;
  /** Gets the metrics, so that what a context gives to resolvers can be measured. */
  createContext(metrics: Metrics): CreateContext;
  /** By name. */
  readonly readiness: Readonly<Record<string, ReadinessCheck>>;
  /** More for /metrics, of what else runs in this process: whole lines as Prometheus reads them. */
  readonly moreMetrics?: () => string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface GraphServer {
  readonly url: string;
  /** For graphql-transport-ws. */
  readonly wsUrl: string;
  readonly port: number;
  /** Ends subscriptions and sockets, lets requests end, and returns when nothing is left. */
  close(): Promise<void>;
}

/** Serves a schema: /graphql by HTTP and WebSocket, /healthz, /readyz, /metrics, the page at /ui/ and the explorer at /. */
export async function openGraphServer(options: GraphServerOptions): Promise<GraphServer> {
  const { schema, feed, limits, clock, random, log, authenticate } = options;
  let isStopping = false;
  const documents = createDocuments(schema, limits);
  const executor = createExecutor(schema);
  const formatError = createFormatError(log, () => random.uuid());
  const live = createLiveReads<ExecutionResult>({
    feed,
    clock,
    digest: (answered) => canonicalJson(answered.errors ? { ...answered } : answered.data),
    isFailed: ({ errors }) => errors?.some((error) => codeOf(error) === 'INTERNAL') ?? false,
  });
  const metrics: Metrics = createMetrics({
    feed,
    probes: options.probes ?? null,
    sockets: () => sockets.stats(),
  });
  const createContext = options.createContext(metrics);
  const sockets = createSockets({
    schema,
    documents,
    operations: createOperations({ schema, executor, createContext, live }),
    authenticate,
    formatError,
    limits,
    clock,
    log,
    metrics,
  });
  const apollo = await createApollo({ schema, documents, executor, formatError, log });
  const handle = createGraphqlHandler({
    schema,
    apollo,
    documents,
    limits,
    authenticate,
    createContext,
    formatError,
    metrics,
    clock,
  });
  const routes: Readonly<Record<string, Route>> = {
    '/graphql': { methods: ['GET', 'POST'], handle },
    '/healthz': healthRoute,
    '/readyz': createReadyRoute(options.readiness, () => isStopping, clock),
    '/metrics': metricsRoute(metrics, options.moreMetrics),
    ...(await explorerRoutes()),
    ...(await uiRoutes()),
  };
  const http = await openHttpServer({
    host: options.host,
    port: options.port,
    routes,
    access: createAccess(options),
    upgrade: sockets.upgrade,
    limits,
    clock,
    log,
  });
  return {
    url: http.url,
    wsUrl: `${http.url.replace(/^http/, 'ws')}/graphql`,
    port: http.port,
    async close() {
      if (isStopping) return;
      isStopping = true;
      const closed = http.close();
      await sockets.close();
      await closed;
      await apollo.server.stop();
      metrics.close();
    },
  };
}

function metricsRoute(metrics: Metrics, more: () => string = () => ''): Route {
  return {
    methods: ['GET', 'HEAD'],
    async handle(_request, response) {
      const { type, body } = await metrics.text();
      answer(response, 200, { 'content-type': type }, body + more());
    },
  };
}
