import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { UnreachableError } from '../../drivers/kubernetes/errors.js';
import { createSandboxDriver } from '../../drivers/sandbox/driver.js';
import { sandboxSocketPath } from '../../drivers/sandbox/socket-path.js';
import { startSandbox } from '../../drivers/sandbox/start.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { eventually } from '../helpers/eventually.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { make } from './make.js';
import { collect, configMaps, ending, equal, healthy, keyOf, signal } from './steps.js';

const unforced = { force: false, signal };
const patience = { timeoutMs: 30_000 };

test('a SIGKILL loses nothing that was answered, and the world goes on', async (t) => {
  const { sandbox, driver } = await given(t);
  const web = make.deployment('default', 'web', { replicas: 2 });
  await driver.apply(web, unforced);
  const before = await healthy(driver, keyOf(web));
  let answered = 0;
  const writing = (async () => {
    for (let index = 0; ; index += 1) {
      await driver.apply(make.configMap('default', `chart-${index}`, {}, { sea: 'north' }), unforced);
      answered += 1;
    }
  })().catch(() => undefined);
  await eventually(() => equal(answered > 50, true), patience);
  const killed = sandbox.pid;
  process.kill(killed, 'SIGKILL');
  await writing;

  await eventually(() => equal(sandbox.pid !== killed, true), patience);
  const { objects } = await driver.list(configMaps, { selector: 'sea=north', signal });
  const names = new Set(objects.map((object) => object.metadata.name));
  t.deepEqual(
    Array.from({ length: answered }, (_, index) => `chart-${index}`).filter((name) => !names.has(name)),
    [],
  );
  const after = await driver.get(keyOf(web), signal);
  t.is(after?.metadata.uid, before.metadata.uid);
  t.true(Number(after?.metadata.resourceVersion) >= Number(before.metadata.resourceVersion));

  await driver.apply(make.deployment('default', 'web', { replicas: 4 }), unforced);
  t.is(((await healthy(driver, keyOf(web))).status as { readyReplicas: number }).readyReplicas, 4);
  const objectsNow = await sandbox.control.objects();
  t.is(new Set(objectsNow.map(({ object }) => object.metadata.uid)).size, objectsNow.length);
});

test('a restart on purpose goes on with the same objects, and knows what was deleted', async (t) => {
  const { sandbox, driver, options } = await given(t);
  const kept = await driver.apply(make.configMap('default', 'kept', { depth: '7' }), unforced);
  const gone = await driver.apply(make.configMap('default', 'gone', {}), unforced);
  await driver.delete(keyOf(gone), { uid: gone.metadata.uid ?? '', signal });
  await sandbox.close();
  // What a kill in the middle of a line leaves behind.
  await appendFile(join(options.folder, 'world.jsonl'), '{"cluster":"here","vers');

  const again = await start(t, options);
  t.not(again.pid, sandbox.pid);
  t.deepEqual(await driver.get(keyOf(kept), signal), kept);
  t.is(await driver.get(keyOf(gone), signal), null);
});

test('says at once that its memory is damaged, where, and what to do', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'world.jsonl'), 'no json\n{}\n{}\n');
  await t.throwsAsync(start(t, { folder, seed: 7, log: silentLog }), {
    message: /does not start\. It said: .*world\.jsonl is damaged at line 1\. Delete the file to begin anew/,
  });
});

test('takes the process that answers already, and leaves it when it goes', async (t) => {
  const { sandbox, driver, options } = await given(t);
  const second = await startSandbox(options);
  t.is(second.pid, sandbox.pid);
  await second.close();
  t.regex(await driver.version(signal), /^v1\./);
});

test('of many that start at once, one process is left', async (t) => {
  const options = { folder: await temporaryFolder(t), seed: 7, isFast: true, log: silentLog };
  const sandboxes = await Promise.all(Array.from({ length: 4 }, () => start(t, options)));
  await eventually(() => equal(new Set(sandboxes.map((sandbox) => sandbox.pid)).size, 1), patience);
  const driver = createSandboxDriver({
    socketPath: sandboxes[0]?.socketPath ?? '',
    cluster: 'here',
    clock: systemClock,
  });
  t.teardown(() => driver.close());
  await driver.apply(make.configMap('default', 'chart', {}), unforced);
  t.true((await readFile(join(options.folder, 'world.jsonl'), 'utf8')).includes('"name":"chart"'));
});

test('one that lost its socket while it started ends with the others', async (t) => {
  // Between the moment at which it listens and that at which it is found there: whoever is late takes a new folder.
  for (let attempt = 1; attempt <= 20; attempt += 1) {
    const folder = await temporaryFolder(t);
    const socketPath = sandboxSocketPath(folder);
    const memory = join(folder, 'world.jsonl');
    let isOver = false;
    const takingSocket = (async () => {
      while (!isOver && !(existsSync(memory) && existsSync(socketPath))) await new Promise(setImmediate);
      rmSync(socketPath, { force: true });
    })();
    const sandbox = await start(t, { folder, seed: 7, isFast: true, log: silentLog }).finally(() => {
      isOver = true;
    });
    await takingSocket;
    const hasAnother = existsSync(socketPath);
    await sandbox.close();
    const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    const left = stdout.split('\n').filter((line) => line.includes(memory));
    t.deepEqual(left, []);
    if (hasAnother) return;
  }
  t.fail('No process lost its socket.');
});

test('another takes over when the one that started the process leaves', async (t) => {
  const { sandbox, driver, options } = await given(t);
  const stored = await driver.apply(make.configMap('default', 'chart', {}), unforced);
  const second = await start(t, options);
  await sandbox.close();
  await eventually(
    async () => equal((await driver.get(keyOf(stored), signal))?.metadata.uid, stored.metadata.uid),
    patience,
  );
  await eventually(() => equal(second.pid !== sandbox.pid, true), patience);
  t.pass();
});

test('listens under a short name when its folder has a long one', async (t) => {
  const folder = join(await temporaryFolder(t), 'a'.repeat(120));
  const sandbox = await start(t, { folder, seed: 7, isFast: true, log: silentLog });
  t.true(Buffer.byteLength(sandbox.socketPath) <= 103);
  const found = await start(t, { folder, seed: 7, isFast: true, log: silentLog });
  t.is(found.pid, sandbox.pid);
});

test('steps a clock of its own when started so', async (t) => {
  const options = { folder: await temporaryFolder(t), seed: 7, log: silentLog, hasManualClock: true };
  const sandbox = await start(t, options);
  const driver = createSandboxDriver({ socketPath: sandbox.socketPath, cluster: 'here', clock: systemClock });
  t.teardown(() => driver.close());
  const web = make.deployment('default', 'web');
  await driver.apply(web, unforced);
  t.deepEqual((await driver.get(keyOf(web), signal))?.status, {});
  await sandbox.control.step(10_000);
  t.is((await healthy(driver, keyOf(web))).metadata.generation, 1);
});

test('a fault that is to happen once is seen once, through the socket too', async (t) => {
  const { sandbox, driver } = await given(t);
  await driver.version(signal);
  await sandbox.control.setFault({ kind: 'apiDown', count: 1 });
  await t.throwsAsync(driver.version(signal), {
    instanceOf: UnreachableError,
    message: /sandbox\/here: the connection was cut/,
  });
  t.regex(await driver.version(signal), /^v1\./);
  await sandbox.control.setFault({ kind: 'lostReply', count: 1 });
  const chart = make.configMap('default', 'chart', {});
  await t.throwsAsync(driver.apply(chart, unforced), { instanceOf: UnreachableError });
  t.truthy(await driver.get(keyOf(chart), signal));
});

test('a cluster that goes down cuts its watches', async (t) => {
  const { sandbox, driver } = await given(t);
  const { resourceVersion } = await driver.list(configMaps, { selector: '', signal });
  const events = collect(driver.watch(configMaps, { selector: '', resourceVersion, signal: ending(t) }));
  await eventually(async () => equal((await sandbox.control.watches()).here, 1), patience);
  await sandbox.control.setFault({ kind: 'apiDown', match: { cluster: 'here' } });
  await events.ended;
  t.true(events.error instanceof UnreachableError, String(events.error));
  t.is((await sandbox.control.watches()).here, 0);
});

test('a watch that is left is closed in the sandbox', async (t) => {
  const { sandbox, driver } = await given(t);
  const stop = new AbortController();
  const { resourceVersion } = await driver.list(configMaps, { selector: '', signal });
  const events = collect(driver.watch(configMaps, { selector: '', resourceVersion, signal: stop.signal }));
  await eventually(async () => equal((await sandbox.control.watches()).here, 1), patience);
  stop.abort();
  await events.ended;
  await eventually(async () => equal((await sandbox.control.watches()).here, 0), patience);
  t.is(events.error, null);
});

test('refuses to step the clock of the machine, and says what to do', async (t) => {
  const { sandbox } = await given(t);
  await t.throwsAsync(sandbox.control.step(1), { message: /refused step: .*--manual-clock/ });
});

async function given(t: ExecutionContext) {
  const options = { folder: await temporaryFolder(t), seed: 7, isFast: true, log: silentLog };
  const sandbox = await start(t, options);
  const driver = createSandboxDriver({ socketPath: sandbox.socketPath, cluster: 'here', clock: systemClock });
  t.teardown(() => driver.close());
  return { sandbox, driver, options };
}

async function start(t: ExecutionContext, options: Parameters<typeof startSandbox>[0]) {
  const sandbox = await startSandbox(options);
  t.teardown(() => sandbox.close());
  return sandbox;
}
