import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../lib/clock.js';
import { silentLog } from '../lib/log.js';
import { systemRandom } from '../lib/random.js';
import { createGraphClient, type GraphClient } from '../sdk/graph-client.js';
import { findFreePorts } from '../test/helpers/control-plane/free-ports.js';
import { urlOf } from '../test/helpers/server.js';
import type { PartName } from './kill-plan.js';
import type { OutsideCluster } from './outside/outside-cluster.js';
import { type OutsideDatabase, openOutsideDatabase } from './outside/outside-database.js';
import type { Part } from './parts/part.js';
import { startPostgresPart } from './parts/postgres-part.js';
import { createProcessPart } from './parts/process-part.js';

/** A plane of three parts, each a process that can be killed: Postgres, server, controllers. */
export interface System {
  readonly parts: Readonly<Record<PartName, Part>>;
  readonly database: OutsideDatabase;
  /** As an operator. Its connections come back by themselves. */
  connect(): GraphClient;
  /** Whether the server answers, and has what it needs. */
  isReady(): Promise<boolean>;
  /** When the part that was started last was started, by the clock of `performance`. */
  startedMs(): number;
  /** What parts did that they should not have, since it was asked last. */
  takeSurprises(): readonly string[];
  close(): Promise<void>;
}

/** Starts all of it; logs go to files in `folder`. Returns when the server answers. */
export async function startSystem(folder: string, cluster: OutsideCluster): Promise<System> {
  await using opened = new AsyncDisposableStack();
  const home = join(folder, 'home');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const postgres = await startPostgresPart(join(folder, 'postgres'));
  opened.defer(() => postgres.close());
  const [port = 0] = await findFreePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const shared = { PORTOLAN_HOME: home, PORTOLAN_LOG_LEVEL: 'info', NODE_ENV: 'production' };
  const server = createProcessPart({
    script: 'dist/server/main.js',
    env: { ...shared, PORTOLAN_PORT: String(port), DATABASE_URL: urlOf(postgres.connection) },
    logFile: join(folder, 'server.log'),
    // A server that finds no database at its start says so and ends.
    mayEnd: () => postgres.wasAway(START_MS),
  });
  opened.defer(() => server.close());
  await server.start();
  await becomesReady(url);
  const controllers = createProcessPart({
    script: 'dist/controllers/main.js',
    env: {
      ...shared,
      PORTOLAN_URL: url,
      PORTOLAN_HOLDER: 'crash',
      PORTOLAN_SANDBOX_SOCKET: cluster.sandboxSocketPath,
    },
    logFile: join(folder, 'controllers.log'),
    mayEnd: () => false,
  });
  opened.defer(() => controllers.close());
  await controllers.start();
  const database = openOutsideDatabase(postgres.connection);
  opened.defer(() => database.close());
  const token = (await readFile(join(home, 'operator.token'), 'utf8')).trim();

  const parts = { postgres, server, controllers };
  const closing = opened.move();
  return {
    parts,
    database,
    connect: () =>
      createGraphClient({ url, token, clock: systemClock, random: systemRandom, log: silentLog, reconnectCapMs: 500 }),
    isReady: () => isReady(url),
    startedMs: () => Math.max(...Object.values(parts).map((part) => part.startedMs())),
    takeSurprises: () => Object.values(parts).flatMap((part) => part.takeSurprises()),
    close: () => closing.disposeAsync(),
  };
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/readyz`).catch(() => null);
  return response?.ok ?? false;
}

async function becomesReady(url: string): Promise<void> {
  const untilMs = Date.now() + START_MS;
  while (!(await isReady(url))) {
    if (Date.now() > untilMs) throw new Error(`The server at ${url} is not ready after ${START_MS} ms.`);
    await delay(50);
  }
}

const START_MS = 60_000;
