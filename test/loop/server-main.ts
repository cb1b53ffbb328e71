import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { readServerConfig } from '../../server/config.js';
import { startServer } from '../../server/start-server.js';

/* The server alone, as the process that server-process.ts starts and kills. It says its address when it is ready. */
const config = readServerConfig();
const server = await startServer({ config, clock: systemClock, random: systemRandom, log: silentLog });
process.stdout.write(`${server.url}\n`);
