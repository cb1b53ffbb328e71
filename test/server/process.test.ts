import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { startEmbeddedPostgres } from '../../db/embedded.js';
import { silentLog } from '../../lib/log.js';
import { readServerConfig } from '../../server/config.js';
import { findFreePorts } from '../helpers/control-plane/free-ports.js';
import { createTestDatabase } from '../helpers/database.js';
import { eventually } from '../helpers/eventually.js';
import { urlOf } from '../helpers/server.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

test('a server that runs alone serves, and ends in order when it is told to', async (t) => {
  const { connection, drop } = await createTestDatabase();
  t.teardown(drop);
  const [port = 0] = await findFreePorts(1);
  const environment = {
    PORTOLAN_HOME: await temporaryFolder(t),
    PORTOLAN_PORT: String(port),
    DATABASE_URL: urlOf(connection),
  };
  const { child, ended } = run(environment);
  t.teardown(() => void child.kill('SIGKILL'));
  const isReady = async () =>
    (await fetch(`http://127.0.0.1:${port}/readyz`)).ok || Promise.reject(new Error('It is not ready.'));
  await eventually(isReady, { timeoutMs: 30_000 });
  child.kill('SIGTERM');
  t.is((await ended).code, 0);
});

test('a server that was killed together with its own Postgres starts again with all that was acknowledged', async (t) => {
  t.timeout(240_000);
  const home = await temporaryFolder(t);
  const [port = 0] = await findFreePorts(1);
  const start = async () => {
    const { child, ended } = run({ PORTOLAN_HOME: home, PORTOLAN_PORT: String(port) });
    const isReady = async () =>
      (await fetch(`http://127.0.0.1:${port}/readyz`)).ok || Promise.reject(new Error('It is not ready.'));
    await eventually(isReady, { timeoutMs: 120_000 });
    return { child, ended };
  };
  const ask = async (query: string): Promise<string> => {
    const token = (await readFile(join(home, 'operator.token'), 'utf8')).trim();
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    return response.text();
  };
  // Adopts what runs on the folder, or starts it, and so knows where it is and ends it.
  const findPostgres = () => startEmbeddedPostgres({ folder: join(home, 'postgres'), log: silentLog });

  const first = await start();
  t.regex(await ask('mutation { createTier(input: { name: "kept", spec: { order: 7 } }) { name } }'), /"kept"/);
  const postgres = await findPostgres();
  process.kill(postgres.pid, 'SIGKILL');
  first.child.kill('SIGKILL');
  await first.ended;
  const second = await start();
  t.regex(await ask('{ tiers { nodes { name document } } }'), /"name":"kept","document":\{"order":7\}/);
  second.child.kill('SIGTERM');
  t.is((await second.ended).code, 0);
  await rm(postgres.homeFolder, { recursive: true, force: true });
});

test('a server whose settings cannot be used says which and ends', async (t) => {
  const { code, said } = await run({ PORTOLAN_HOME: await temporaryFolder(t), PORTOLAN_FAILPOINT: 'somewhere:1' })
    .ended;
  t.is(code, 2);
  t.regex(said, /PORTOLAN_FAILPOINT cannot be used: "somewhere:1" is not one.*afterCommit/s);
});

test('a failpoint has its own fault unless it is told otherwise, where it has one', (t) => {
  const read = (value: string) => readServerConfig({ PORTOLAN_FAILPOINT: value }).failpoint;
  t.is(readServerConfig({}).failpoint, null);
  t.deepEqual(read('afterCommit:2'), { name: 'afterCommit', count: 2, action: 'kill' });
  t.deepEqual(read('replyCut:1'), { name: 'replyCut', count: 1, action: 'fault' });
  t.deepEqual(read('replyCut:1:kill'), { name: 'replyCut', count: 1, action: 'kill' });
  for (const wrong of ['afterCommit', 'afterCommit:0', 'afterCommit:1:fault', 'replyCut:1:sleep']) {
    t.throws(() => read(wrong), { message: /PORTOLAN_FAILPOINT cannot be used/ });
  }
});

function run(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['dist/server/main.js'], {
    env: { ...process.env, PORTOLAN_LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = text(child.stderr);
  const ended = new Promise<{ readonly code: number | null; readonly said: string }>((resolve) => {
    child.once('exit', async (code) => resolve({ code, said: await said }));
  });
  return { child, ended };
}
