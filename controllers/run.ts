import { systemClock } from '../lib/clock.js';
import { errorText } from '../lib/errors.js';
import { createFailpoint } from '../lib/node/failpoint.js';
import { createHttpFetch } from '../lib/node/http-fetch.js';
import { createPinoLog } from '../lib/node/pino-log.js';
import { keepHeapSmall } from '../lib/node/small-heap.js';
import { systemRandom } from '../lib/random.js';
import { createGraphClient } from '../sdk/graph-client.js';
import { metricsText } from '../sdk/runtime/metrics-text.js';
import { loadMetricsText } from './cluster/load-metrics.js';
import { type ControllersConfig, readControllersConfig } from './config.js';
import { startMetricsServer } from './metrics-server.js';
import { type Controllers, startControllers } from './start-controllers.js';

/** The controllers as a process of their own. `from` is where its program comes from, for the log. */
export function run(from: string): void {
  const config = readConfigOrExit();
  keepHeapSmall();
  const log = createPinoLog(config.logLevel, { process: 'controllers' });
  log.debug('The program is loaded', { from });
  const shared = { clock: systemClock, random: systemRandom, log };
  const client = createGraphClient({ url: config.url, token: config.token, fetch: createHttpFetch(), ...shared });
  const controllers = startControllers({
    ...shared,
    client,
    sandboxSocketPath: config.sandboxSocketPath,
    ...(config.holder !== null && { holder: config.holder }),
    ...(config.resyncMs !== null && { resyncMs: config.resyncMs }),
    ...(config.leaseTtlMs !== null && { leaseTtlMs: config.leaseTtlMs }),
    ...(config.failpoint && { failpoint: createFailpoint(config.failpoint) }),
  });
  const end = (code: number) =>
    controllers
      .close()
      .then(() => client.close())
      .then(() => process.exit(code))
      .catch((error: unknown) => {
        log.error('The controllers did not stop cleanly', { error: errorText(error) });
        process.exit(1);
      });
  process.once('SIGTERM', () => end(0));
  process.once('SIGINT', () => end(0));
  serveMetrics(config, controllers).then(
    () => log.info('Controllers started', { server: config.url }),
    (error: unknown) => {
      process.stderr.write(`${errorText(error)}\n`);
      return end(2);
    },
  );
}

async function serveMetrics({ metricsHost, metricsPort }: ControllersConfig, controllers: Controllers): Promise<void> {
  if (metricsPort === null) return;
  const metrics = () => metricsText(controllers.stats()) + loadMetricsText(controllers.loads());
  await startMetricsServer({ host: metricsHost, port: metricsPort, metrics });
}

function readConfigOrExit() {
  try {
    return readControllersConfig();
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    process.exit(2);
  }
}
