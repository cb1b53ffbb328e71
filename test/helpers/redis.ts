import { createServer } from 'node:net';
import { createClient } from 'redis';
import { createGuardedFolder, removeGuardedFolder, signalGroup, spawnGuarded } from '../../scripts/children/guard.js';
import { findTool } from '../../scripts/tools/find-tool.js';
import { eventually } from './eventually.js';

/** A Redis of a test's own, which it may treat badly. */
export interface TestRedis {
  readonly url: string;
  /** Sends one command, on a connection of its own. */
  command(...words: readonly string[]): Promise<unknown>;
  /** It stands still, with all its connections open. */
  pause(): void;
  resume(): void;
  /** By SIGKILL. Does nothing when it does not run. */
  kill(): Promise<void>;
  /** Again, on the same port, empty. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** @throws Error when there is no redis-server: files that use it begin with needs('redis'). */
export async function startTestRedis(): Promise<TestRedis> {
  const tool = await findTool('redis-server');
  if (!tool.found) throw new Error(`Redis cannot start: ${tool.reason}. Get it by: npm run tools -- redis`);
  const port = await freePort();
  const folder = createGuardedFolder('portolan-redis-');
  const url = `redis://127.0.0.1:${port}`;
  const spawn = () =>
    spawnGuarded(tool.path, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
      stdio: 'ignore',
    });
  let child = spawn();
  const command = async (...words: readonly string[]) => {
    const client = createClient({ url, socket: { reconnectStrategy: false } });
    client.on('error', () => {});
    await client.connect();
    return client.sendCommand([...words]).finally(() => client.destroy());
  };
  const answers = () => eventually(() => command('PING'), { timeoutMs: 10_000 });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.ref();
    signalGroup(child, 'SIGKILL');
    await gone;
  };
  await answers();
  return {
    url,
    command,
    pause: () => signalGroup(child, 'SIGSTOP'),
    resume: () => signalGroup(child, 'SIGCONT'),
    kill,
    async start() {
      child = spawn();
      await answers();
    },
    async close() {
      await kill();
      removeGuardedFolder(folder);
    },
  };
}

/** Another process may take it in between; then Redis does not start, and the test says so. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
