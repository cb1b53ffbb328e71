import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { Bus } from '../db/bus.js';
import type { Actor, Feed } from '../db/contract.js';
import type { Clock } from '../lib/clock.js';
import type { Failpoint } from '../lib/failpoint.js';
import type { Log } from '../lib/log.js';
import type { Random } from '../lib/random.js';
import { createLiveReads } from '../resolvers/live-reads.js';
import { createAccess } from './access.js';
import { afterTurns } from './after-turns.js';
import { answer } from './answer.js';
import { cutReplies } from './cut-replies.js';
import { createDocuments } from './documents.js';
import { createExecutor } from './executor.js';
import { explorerRoutes } from './explorer/routes.js';
import { createFormatError } from './format-error.js';
import { createGraphqlHandler } from './graphql-handler.js';
import { createReadyRoute, healthRoute, type ReadinessCheck } from './health.js';
import { openHttpServer, type Route } from './http.js';
import { isPassing } from './is-passing.js';
import { createLateApollo } from './late-apollo.js';
import { createLateMetrics } from './late-metrics.js';
import { createLateSockets } from './late-sockets.js';
import type { Limits } from './limits.js';
import { briefOf, createLiveAnswer, digestOf, type LiveAnswer } from './live-answer.js';
import type { Metrics } from './metrics.js';
import { type CreateContext, createOperations } from './operations.js';
import type { ProbeBroker } from './probe-broker.js';
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
  readonly bus?: Pick<Bus, 'stats'>;
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
  readonly failpoint?: Failpoint;
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
  const live = createLiveReads<ExecutionResult, LiveAnswer>({
    feed,
    clock,
    digest: digestOf,
    brief: briefOf,
    isFailed: ({ errors }) => errors?.some(isPassing) ?? false,
    tell: (result, digest) => createLiveAnswer(result, digest, formatError),
    // When all sockets that have something to say were read: after a crash elsewhere, thousands subscribe at once.
    gather: (begin) => afterTurns(GATHERED_TURNS, begin),
  });
  const metrics: Metrics = createLateMetrics(
    {
      feed,
      probes: options.probes ?? null,
      bus: options.bus ?? null,
      sockets: () => sockets.stats(),
      live,
    },
    clock,
  );
  const createContext = options.createContext(metrics);
  const sockets = createLateSockets({
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
  const apollo = createLateApollo({ schema, documents, executor, formatError, log });
  const handle = createGraphqlHandler({
    schema,
    apollo,
    documents,
    executor,
    limits,
    authenticate,
    createContext,
    formatError,
    metrics,
    clock,
  });
  const routes: Readonly<Record<string, Route>> = {
    '/graphql': {
      methods: ['GET', 'POST'],
      handle: options.failpoint ? cutReplies(handle, options.failpoint) : handle,
    },
    '/healthz': healthRoute,
    '/readyz': createReadyRoute(options.readiness, () => isStopping, clock),
    '/metrics': metricsRoute(metrics, options.moreMetrics),
    ...explorerRoutes(),
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
      live.close();
      await closed;
      await apollo.close();
      metrics.close();
    },
  };
}

/** Some dozens of sockets while thousands come; some microseconds while nothing else goes on. */
const GATHERED_TURNS = 4;

function metricsRoute(metrics: Metrics, more: () => string = () => ''): Route {
  return {
    methods: ['GET', 'HEAD'],
    async handle(_request, response) {
      const { type, body } = await metrics.text();
      answer(response, 200, { 'content-type': type }, body + more());
    },
  };
}
