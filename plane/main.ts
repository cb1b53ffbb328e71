import { join } from 'node:path';
import { loadMetricsText } from '../controllers/cluster/load-metrics.js';
import { type Controllers, startControllers } from '../controllers/start-controllers.js';
import { type Sandbox, startSandbox } from '../drivers/sandbox/start.js';
import { type Clock, sleep, systemClock } from '../lib/clock.js';
import { errorText } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import { createFailpoint } from '../lib/node/failpoint.js';
import { createHttpFetch } from '../lib/node/http-fetch.js';
import { createPinoLog } from '../lib/node/pino-log.js';
import { type Random, systemRandom } from '../lib/random.js';
import { createSdk } from '../sdk/client.js';
import { createGraphClient } from '../sdk/graph-client.js';
import { metricsText } from '../sdk/runtime/metrics-text.js';
import type { ServerConfig } from '../server/config.js';
import { type RunningServer, startServer } from '../server/start-server.js';
import { readPlaneConfig } from './config.js';
import { furnishPlane } from './furnish.js';
import { readHolder } from './holder.js';
import { takePlaneLock } from './plane-lock.js';
import { startText } from './start-text.js';

export interface PlaneOptions {
  /** Data folder, address, database: as the server reads them. */
  readonly config: ServerConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Everything in the sandbox in a tenth of the time. */
  readonly isSandboxFast?: boolean;
  /** false: controllers run elsewhere. Default true. */
  readonly hasControllers?: boolean;
  /** How often controllers look at everything although nothing changed, in milliseconds. */
  readonly resyncMs?: number;
  /** How often to look at each cluster, in milliseconds. Default 30,000. */
  readonly runtimeEveryMs?: number;
}

export interface RunningPlane {
  readonly url: string;
  readonly home: string;
  readonly server: RunningServer;
  readonly sandbox: Sandbox;
  readonly controllers: Controllers | null;
  /** Ends all of it, and leaves the data folder to the next one. */
  close(): Promise<void>;
}

/**
 * The all in one: embedded Postgres (unless the configuration names a database), server, sandbox and controllers.
 * Throws PlaneRunsError when the data folder has a plane, and an Error that says what, where, why and what next when
 * something does not start; then nothing is left open.
 */
export async function startPlane(options: PlaneOptions): Promise<RunningPlane> {
  const { config, clock, random, log } = options;
  await using opened = new AsyncDisposableStack();
  const lock = await takePlaneLock(config.home);
  opened.defer(() => lock.release());

  const isFast = options.isSandboxFast ?? false;
  const sandbox = await startSandbox({ folder: join(config.home, 'sandbox'), seed: 1, log, isFast });
  opened.defer(() => sandbox.close());
  let controllers: Controllers | null = null;
  const moreMetrics = () =>
    controllers ? metricsText(controllers.stats()) + loadMetricsText(controllers.loads()) : '';
  const server = await startServer({ config, clock, random, log, moreMetrics });
  opened.defer(() => server.close());

  const { url, tokens } = server;
  const operator = createGraphClient({ url, token: tokens.operator, clock, random, log });
  const furnished = await furnishPlane(createSdk(operator)).finally(() => operator.close());
  log.debug('Looked at what a new plane needs', { furnished });

  if (options.hasControllers ?? true) {
    const client = createGraphClient({ url, token: tokens.controller, fetch: createHttpFetch(), clock, random, log });
    opened.defer(() => client.close());
    const holder = await readHolder(config.home, random);
    const started = startControllers({
      ...options,
      ...(config.failpoint && { failpoint: createFailpoint(config.failpoint) }),
      holder,
      client,
      sandboxSocketPath: sandbox.socketPath,
    });
    // A pass that hangs must not keep the rest open; leases end by themselves.
    opened.defer(() => within(started.close(), CONTROLLERS_CLOSE_MS, clock));
    controllers = started;
  }
  await lock.publish(url);
  const closing = opened.move();
  return { url, home: config.home, server, sandbox, controllers, close: () => closing.disposeAsync() };
}

/** All has to be closed within ten seconds; server and database need less than the rest of them. */
const CONTROLLERS_CLOSE_MS = 5_000;

async function within(closing: Promise<void>, limitMs: number, clock: Clock): Promise<void> {
  const done = new AbortController();
  await Promise.race([closing.finally(() => done.abort()), sleep(clock, limitMs, done.signal)]);
}

if (import.meta.main) await run();

/** The all in one in the foreground: node dist/plane/main.js */
async function run(): Promise<void> {
  try {
    const { server: config } = readPlaneConfig();
    const log = createPinoLog(config.logLevel, { process: 'plane' });
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    const plane = await startPlane({ config, clock: systemClock, random: systemRandom, log });
    process.stdout.write(startText({ url: plane.url, home: plane.home, hasOwnDatabase: config.databaseUrl === null }));
    await aborted(stopping.signal);
    process.stdout.write('Stopping.\n');
    await plane.close();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    process.exit(1);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
