import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { Client } from 'pg';
import type { DatabaseConnection } from '../../db/connection.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../db/embedded.js';
import { silentLog } from '../../lib/log.js';
import { eventually } from '../helpers/eventually.js';
import { emptyFolder, removeServer } from '../helpers/postgres-folder.js';

async function start(t: ExecutionContext, folder: string, { fsync = false } = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ folder, log: silentLog, fsync });
  t.teardown(() => removeServer(server));
  return server;
}

async function ask(connection: DatabaseConnection, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ ...connection });
  await client.connect();
  return client
    .query(sql)
    .then((result) => result.rows)
    .finally(() => client.end());
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('data outlives the server, and nobody else can open the socket', async (t) => {
  const folder = await emptyFolder(t);
  const first = await start(t, folder);
  await ask(first.connection, 'create table kept as select 42 as answer');
  t.is((await stat(first.connection.host)).mode & 0o077, 0);
  await first.close();
  t.false(isAlive(first.pid));
  const second = await start(t, folder);
  t.not(second.pid, first.pid);
  t.deepEqual(await ask(second.connection, 'select answer from kept'), [{ answer: 42 }]);
});

test('a server whose Portolan was killed goes on, and is adopted and stopped by the next one', async (t) => {
  const folder = await emptyFolder(t);
  const orphan = await leaveOrphan(folder, { graceS: 30 });
  t.true(isAlive(orphan));
  const server = await start(t, folder);
  t.is(server.pid, orphan);
  await server.close();
  t.false(isAlive(orphan));
});

test('a server whose Portolan was killed ends by itself when no other takes it over', async (t) => {
  const folder = await emptyFolder(t);
  const orphan = await leaveOrphan(folder, { graceS: 0 });
  await hasEnded(orphan);
  // It ended in order: the next one finds all of it, and nothing keeps it from starting.
  const server = await start(t, folder);
  t.not(server.pid, orphan);
  t.is((await ask(server.connection, 'select 1 as one')).length, 1);
});

test('a server whose Portolan was killed before it was up ends by itself too', async (t) => {
  const folder = await emptyFolder(t);
  const before = await start(t, folder);
  await before.close();
  const child = spawnPortolan(folder, { graceS: 1 });
  const pid = await eventually(
    async () => {
      const text = await readFile(join(before.homeFolder, 'data', 'postmaster.pid'), 'utf8');
      return Number(text.split('\n')[0]) || Promise.reject(new Error('It says no pid yet.'));
    },
    { timeoutMs: 60_000, everyMs: 1 },
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  await hasEnded(pid);
  const server = await start(t, folder);
  t.is((await ask(server.connection, 'select 1 as one')).length, 1);
});

test('a server that is killed while its Portolan lives is started again, with all that was committed', async (t) => {
  const folder = await emptyFolder(t);
  const server = await start(t, folder, { fsync: true });
  await ask(server.connection, 'create table kept as select 42 as answer');
  for (let round = 0; round < 2; round++) {
    const [running] = await ask(server.connection, "select pg_read_file('postmaster.pid') as text");
    process.kill(Number(String(running?.text).split('\n')[0]), 'SIGKILL');
    // The one that was killed may answer until its own processes have noticed.
    await eventually(
      async () => {
        const [{ text } = {}] = await ask(server.connection, "select pg_read_file('postmaster.pid') as text");
        if (text === running?.text) throw new Error('It is still the one that was killed.');
      },
      { timeoutMs: 60_000 },
    );
    t.deepEqual(await ask(server.connection, 'select answer from kept'), [{ answer: 42 }]);
  }
});

test('a server that was adopted in time is left alone by who would have ended it', async (t) => {
  const folder = await emptyFolder(t);
  const orphan = await leaveOrphan(folder, { graceS: 8 });
  const server = await start(t, folder);
  t.is(server.pid, orphan);
  // Its guard is gone once it has looked.
  await eventually(async () => isEmpty(await guardsOf(folder, process.pid)), {
    timeoutMs: 60_000,
    everyMs: 100,
  });
  t.is((await ask(server.connection, 'select 1 as one')).length, 1);
});

test('a server that was stopped in order leaves no guard behind', async (t) => {
  const folder = await emptyFolder(t);
  const server = await start(t, folder);
  t.is((await guardsOf(folder)).length, 1);
  await server.close();
  await eventually(async () => isEmpty(await guardsOf(folder)), { timeoutMs: 10_000 });
});

test('who starts while a server is being ended waits for that, and starts another', async (t) => {
  const folder = await emptyFolder(t);
  for (let round = 0; round < 3; round++) {
    await leaveOrphan(folder, { graceS: 0 });
    const server = await start(t, folder);
    await ask(server.connection, 'select 1 as one');
    await eventually(async () => isEmpty(await guardsOf(folder, process.pid)), { timeoutMs: 20_000 });
    t.is((await ask(server.connection, 'select 1 as one')).length, 1, `round ${round}`);
    await server.close();
  }
});

test('a second start on the same folder shares the server, and leaves it running for the first', async (t) => {
  const folder = await emptyFolder(t);
  const [first, second] = await Promise.all([start(t, folder), start(t, folder)]);
  t.is(first.pid, second.pid);
  const third = await start(t, folder);
  await third.close();
  t.true(isAlive(first.pid));
  t.is((await ask(first.connection, 'select 1 as one')).length, 1);
});

test('a pid file that was left behind, whose number another process has now, is no obstacle', async (t) => {
  const folder = await emptyFolder(t);
  const first = await start(t, folder);
  const pidFile = join(first.homeFolder, 'data', 'postmaster.pid');
  const text = await readFile(pidFile, 'utf8');
  process.kill(first.pid, 'SIGKILL');
  await first.close();
  await writeFile(pidFile, text.replace(String(first.pid), String(process.pid)));
  const second = await start(t, folder);
  t.not(second.pid, process.pid);
  t.is((await ask(second.connection, 'select 1 as one')).length, 1);
});

test('a path that is too long for a socket gets a short folder for it', async (t) => {
  const folder = join(await emptyFolder(t), 'a'.repeat(60), 'b'.repeat(60));
  const server = await start(t, folder);
  t.true(server.connection.host.length < 90);
  t.is((await ask(server.connection, 'select 1 as one')).length, 1);
});

test('a data folder of a newer PostgreSQL is refused, with both versions and what to do', async (t) => {
  const folder = await emptyFolder(t);
  const server = await start(t, folder);
  await server.close();
  const file = join(server.homeFolder, 'data', 'PG_VERSION');
  await writeFile(file, '99\n');
  await t.throwsAsync(start(t, folder), {
    message: /made by PostgreSQL 99, and this Portolan brings \d+\. Start the newer/,
  });
});

test('a server that cannot start says what, where, why and what next', async (t) => {
  const folder = await emptyFolder(t);
  const server = await start(t, folder);
  await server.close();
  await writeFile(join(server.homeFolder, 'data', 'postgresql.conf'), 'shared_buffers = nonsense\n');
  const error = await t.throwsAsync(start(t, folder));
  t.regex(error?.message ?? '', /Cannot start Postgres on .*shared_buffers.*DATABASE_URL/s);
});

test('as an ordinary user the data is where it was asked for', async (t) => {
  if (process.getuid?.() !== 0) {
    const folder = await emptyFolder(t);
    const server = await start(t, folder);
    t.true(server.homeFolder.startsWith(folder));
    return;
  }
  const folder = await emptyFolder(t, { uid: 65_534, gid: 65_534 });
  const module = new URL('../../db/embedded.js', import.meta.url).href;
  const log = new URL('../../lib/log.js', import.meta.url).href;
  const script = `
    const { startEmbeddedPostgres } = await import('${module}');
    const { silentLog } = await import('${log}');
    const server = await startEmbeddedPostgres({ folder: ${JSON.stringify(folder)}, log: silentLog, fsync: false });
    console.log(server.homeFolder);
    await server.close();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    uid: 65_534,
    gid: 65_534,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [home] = await once(createInterface(child.stdout), 'line');
  await once(child, 'exit');
  t.true(home.startsWith(folder));
  t.is((await stat(join(home, 'data', 'PG_VERSION'))).uid, 65_534);
});

test('a folder that somebody else put in the place of ours is refused', async (t) => {
  if (process.getuid?.() !== 0) {
    t.pass('Only root can make a folder of somebody else.');
    return;
  }
  const folder = await emptyFolder(t);
  const trap = await emptyFolder(t, { uid: 12_345, gid: 12_345 });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'data-is-in'), trap);
  await t.throwsAsync(start(t, folder), { message: /belongs to somebody else/ });
});

/** The pid of a server that a killed process leaves behind. */
async function leaveOrphan(folder: string, options: { readonly graceS: number }): Promise<number> {
  const child = spawnPortolan(folder, options);
  const [line] = await once(createInterface(child.stdout), 'line');
  child.kill('SIGKILL');
  await once(child, 'exit');
  return Number(line);
}

/** A process that starts a server, says its pid and goes on. */
function spawnPortolan(folder: string, { graceS }: { readonly graceS: number }) {
  const module = new URL('../../db/embedded.js', import.meta.url).href;
  const log = new URL('../../lib/log.js', import.meta.url).href;
  const options = `{ folder: ${JSON.stringify(folder)}, log: silentLog, fsync: false, graceS: ${graceS} }`;
  const script = `
    const { startEmbeddedPostgres } = await import('${module}');
    const { silentLog } = await import('${log}');
    const { pid } = await startEmbeddedPostgres(${options});
    console.log(pid);
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

function hasEnded(pid: number): Promise<void> {
  return eventually(
    () => {
      if (isAlive(pid)) throw new Error('It still runs.');
    },
    { timeoutMs: 20_000 },
  );
}

/** The command lines of the guards of a folder, but for those of the process `but`. */
async function guardsOf(folder: string, but = 0): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'args=', '-ww']);
  const isTheirs = (line: string) => line.includes('portolan-guard') && line.includes(folder);
  return stdout.split('\n').filter((line) => isTheirs(line) && !line.endsWith(` ${but}`));
}

function isEmpty(found: readonly string[]): void {
  if (found.length > 0) throw new Error(found.join('\n'));
}
