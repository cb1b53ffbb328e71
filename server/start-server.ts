import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bootstrap } from '../db/bootstrap.js';
import { createNotifyBus } from '../db/bus/notify-bus.js';
import { openRedisBus } from '../db/bus/redis-bus.js';
import type { Bus } from '../db/bus.js';
import { checkKey } from '../db/check-key.js';
import { createCipher, loadKey } from '../db/cipher.js';
import type { DatabaseConnection } from '../db/connection.js';
import type { Feed, Store } from '../db/contract.js';
import { openDatabase, type PostgresDatabase } from '../db/database.js';
import { createFeed } from '../db/feed.js';
import { startMaintenance } from '../db/maintenance.js';
import { migrate } from '../db/migrate.js';
import { newestSchema } from '../db/migrations.js';
import { createPrincipals } from '../db/principals.js';
import { createReadModels } from '../db/read/create-read-models.js';
import { createStore } from '../db/store.js';
import { createTokens } from '../db/tokens.js';
import type { Clock } from '../lib/clock.js';
import type { Failpoint } from '../lib/failpoint.js';
import type { KindRegistry } from '../lib/kind.js';
import type { Log } from '../lib/log.js';
import { createFailpoint } from '../lib/node/failpoint.js';
import type { Random } from '../lib/random.js';
import { createExpanders } from '../model/expand/expanders.js';
import { buildGraph } from '../resolvers/build-graph.js';
import { createBurstLoaders, createLoaders, createTurnLoaders } from '../resolvers/loaders.js';
import { builtInKinds } from '../schema/kinds/built-in.js';
import type { ServerConfig } from './config.js';
import { openGraphServer } from './graph-server.js';
import { defaultLimits, type Limits } from './limits.js';
import { measureStore } from './measured-store.js';
import { createProbeBroker } from './probe-broker.js';
import { createProbeRelay } from './probe-relay.js';
import { databaseChecks } from './readiness.js';
import { readVersion } from './version.js';

export interface StartOptions {
  readonly config: ServerConfig;
  /** Left out: the built-in kinds. */
  readonly registry?: KindRegistry;
  /** What differs from `defaultLimits`. */
  readonly limits?: Partial<Limits>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** More for /metrics, of what else runs in this process: whole lines as Prometheus reads them. */
  readonly moreMetrics?: () => string;
  /** Left out: the one that the configuration names. */
  readonly failpoint?: Failpoint;
}

export interface RunningServer {
  /** As people type it: `http://127.0.0.1:7420`. */
  readonly url: string;
  readonly wsUrl: string;
  readonly port: number;
  /** What operator.token and controller.token in the data folder hold. */
  readonly tokens: { readonly operator: string; readonly controller: string };
  readonly connection: DatabaseConnection;
  readonly database: PostgresDatabase;
  readonly store: Store;
  readonly feed: Feed;
  /** Stops in the order of the way in: sockets, requests, feed, database. */
  close(): Promise<void>;
}

/**
 * The server as a whole, in this process: database (the embedded one when no other is named), store, feed, graph, HTTP.
 * Throws an Error that says what, where, why and what next; then nothing is left open.
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { config, clock, random, log } = options;
  const registry = options.registry ?? builtInKinds;
  const failpoint = options.failpoint ?? (config.failpoint && createFailpoint(config.failpoint));
  await using opened = new AsyncDisposableStack();

  await mkdir(config.home, { recursive: true, mode: 0o700 });
  const key = config.encryptionKey ?? (await loadKey({ folder: config.home }));
  let connection: DatabaseConnection | { readonly url: string };
  if (config.databaseUrl === null) {
    const { startEmbeddedPostgres } = await import('../db/embedded.js');
    const postgres = await startEmbeddedPostgres({ folder: join(config.home, 'postgres'), log });
    opened.defer(() => postgres.close());
    connection = postgres.connection;
  } else {
    connection = { url: config.databaseUrl };
  }
  const database = await openDatabase({ connection, log });
  opened.defer(() => database.close());
  await migrate(database);
  const plane = await bootstrap(database, registry, random);
  const cipher = createCipher(key);
  await checkKey(database, cipher);
  const maintenance = startMaintenance({ database, clock, log });
  opened.defer(() => maintenance.close());
  const principals = createPrincipals({ database, clock, random });
  const tokensOfPeople = createTokens({ database, random });
  const tokens = await principals.bootstrapTokens(config.home);
  const notifyBus = createNotifyBus({ database, clock, log });
  const { incarnation } = plane;
  const { redisUrl } = config;
  const bus: Bus =
    redisUrl === null
      ? notifyBus
      : await openRedisBus({ url: redisUrl, incarnation, fallback: notifyBus, clock, random, log });
  opened.defer(() => bus.close());
  const feed = createFeed({ database, plane, bus, clock, random, log, ...(failpoint && { failpoint }) });
  opened.defer(() => feed.close());
  const store = createStore({
    database,
    plane,
    registry,
    expanders: createExpanders(registry),
    cipher,
    random,
    log,
    wake: () => feed.wake(),
    ...(failpoint && { failpoint }),
  });
  const reads = createReadModels({ database, registry });
  const about = { version: await readVersion(), schemaVersion: newestSchema };

  const limits = { ...defaultLimits, ...options.limits };
  const probes = createProbeBroker({
    findHolder: (key) => reads.leaseHolder(key),
    limits,
    clock,
    random,
    openRelay: createProbeRelay({ bus, clock, random }),
  });

  const server = await openGraphServer({
    host: config.host,
    port: config.port,
    allowedHosts: config.allowedHosts,
    allowedOrigins: config.allowedOrigins,
    limits,
    schema: buildGraph({ registry }),
    feed,
    probes,
    authenticate: (token) => principals.authenticate(token),
    createContext(metrics) {
      const measured = measureStore(store, metrics, clock);
      const turnLoaders = createTurnLoaders();
      const burstLoaders = createBurstLoaders((callback) => setImmediate(callback));
      return (actor, asked, { isQuery } = { isQuery: false }) => ({
        actor,
        store: measured,
        reads,
        feed,
        registry,
        probes,
        clock,
        about,
        tokens: tokensOfPeople,
        loaders: asked.readSet ? turnLoaders() : isQuery ? burstLoaders() : createLoaders(),
        // Read when somebody wants it: it may not be there before.
        get signal() {
          return asked.signal;
        },
        ...(asked.readSet && { readSet: asked.readSet }),
      });
    },
    ...(options.moreMetrics && { moreMetrics: options.moreMetrics }),
    ...(failpoint && { failpoint }),
    bus,
    readiness: {
      ...databaseChecks({ database, feed, clock, schemaVersion: about.schemaVersion }),
      bus: async () => (bus.stats().isDegraded ? 'degraded' : 'ok'),
    },
    clock,
    random,
    log,
  });
  opened.defer(() => server.close());
  // First of all: whoever waits for an answer gets the reason.
  opened.defer(() => probes.close());
  log.info('The server listens', { url: server.url });

  const closing = opened.move();
  return {
    url: server.url,
    wsUrl: server.wsUrl,
    port: server.port,
    tokens,
    connection: database.connection,
    database,
    store,
    feed,
    close: () => closing.disposeAsync(),
  };
}
