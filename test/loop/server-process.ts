import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { DatabaseConnection } from '../../db/connection.js';
import { spawnGuarded } from '../../scripts/children/guard.js';
import { eventually } from '../helpers/eventually.js';
import { urlOf } from '../helpers/server.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import type { RigServer } from './rig.js';

/** A server as a process of its own, that can be killed and started again at the same address. */
export interface ServerProcess extends RigServer {
  /** As `kill -9` does. Returns when it is gone. */
  kill(): Promise<void>;
  /** Returns when it is ready. `failpoint`: as PORTOLAN_FAILPOINT has it. */
  start(failpoint?: string): Promise<void>;
  /** Returns when it ended by itself. */
  hasEnded(): Promise<void>;
}

export async function startServerProcess(t: ExecutionContext, connection: DatabaseConnection): Promise<ServerProcess> {
  const home = await temporaryFolder(t);
  let running: { readonly child: ChildProcess; readonly ended: Promise<unknown> } | null = null;
  let url = '';
  const start = async (failpoint = '') => {
    const child = spawnGuarded(process.execPath, ['dist/test/loop/server-main.js'], {
      env: {
        ...process.env,
        PORTOLAN_HOME: home,
        PORTOLAN_FAILPOINT: failpoint,
        PORTOLAN_PORT: url === '' ? '0' : new URL(url).port,
        DATABASE_URL: urlOf(connection),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running = { child, ended: new Promise((resolve) => child.once('exit', resolve)) };
    url = await new Promise<string>((resolve, reject) => {
      child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8').trim()));
      child.once('exit', (code) => reject(new Error(`The server ended with ${code} before it was ready.`)));
    });
  };
  const kill = async () => {
    const killed = running;
    running = null;
    killed?.child.kill('SIGKILL');
    await killed?.ended;
  };
  await start();
  t.teardown(kill);
  const readToken = (role: string) =>
    eventually(async () => (await readFile(join(home, `${role}.token`), 'utf8')).trim(), { timeoutMs: 5000 });
  return {
    url,
    operatorToken: await readToken('operator'),
    controllerToken: await readToken('controller'),
    kill,
    start,
    async hasEnded() {
      await running?.ended;
    },
  };
}
