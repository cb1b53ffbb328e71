import { systemClock } from '../lib/clock.js';
import { errorText } from '../lib/errors.js';
import { createPinoLog } from '../lib/node/pino-log.js';
import { systemRandom } from '../lib/random.js';
import { readServerConfig } from './config.js';
import { startServer } from './start-server.js';

/** The server as a process of its own. Says its address when it is ready. */
export async function run(from: string): Promise<void> {
  try {
    const config = readServerConfig();
    const log = createPinoLog(config.logLevel, { process: 'server' });
    log.debug('The program is loaded', { from });
    const server = await startServer({ config, clock: systemClock, random: systemRandom, log });
    const end = () =>
      server.close().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error('The server did not stop cleanly', { error: errorText(error) });
          process.exit(1);
        },
      );
    process.once('SIGTERM', end);
    process.once('SIGINT', end);
    process.stdout.write(`${server.url}\n`);
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    process.exit(2);
  }
}
