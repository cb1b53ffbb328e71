import { spawnSync } from 'node:child_process';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { withLock } from '../../scripts/tools/lock-file.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const onWait = () => undefined;

test('lets one at a time work, and leaves no file', async (t) => {
  const folder = await temporaryFolder(t);
  let working = 0;
  let most = 0;
  const work = async () => {
    working += 1;
    most = Math.max(most, working);
    await new Promise((resolve) => setImmediate(resolve));
    working -= 1;
  };
  await Promise.all(Array.from({ length: 4 }, () => withLock(join(folder, 'lock'), onWait, work)));
  t.is(most, 1);
  t.deepEqual(await readdir(folder), []);
});

test('tells a waiting one who holds it, and lets it work afterwards', async (t) => {
  const path = join(await temporaryFolder(t), 'lock');
  const told = Promise.withResolvers<number>();
  const wait = () =>
    withLock(
      path,
      ({ pid }) => told.resolve(pid),
      async () => 'second',
    );
  const second = await withLock(path, onWait, async () => {
    const waiting = wait();
    t.is(await told.promise, process.pid);
    // In an object, or this lock would wait for the one that waits for it.
    return { waiting };
  });
  t.is(await second.waiting, 'second');
});

test('takes the lock of a process that is gone', async (t) => {
  const path = join(await temporaryFolder(t), 'lock');
  const { pid } = spawnSync(process.execPath, ['--version']);
  await hold(path, { pid, host: hostname() });
  t.is(
    await withLock(
      path,
      () => t.fail('waited for a process that is gone'),
      async () => 'mine',
    ),
    'mine',
  );
});

test('takes a lock of another host that nobody touched for a minute', async (t) => {
  const path = join(await temporaryFolder(t), 'lock');
  await hold(path, { pid: 1, host: 'another-host' });
  const longAgo = new Date(Date.now() - 120_000);
  await utimes(path, longAgo, longAgo);
  t.is(
    await withLock(
      path,
      () => t.fail('waited for a host that is gone'),
      async () => 'mine',
    ),
    'mine',
  );
});

test('gives the lock back when the work fails', async (t) => {
  const path = join(await temporaryFolder(t), 'lock');
  await t.throwsAsync(
    withLock(path, onWait, () => Promise.reject(new Error('no space'))),
    { message: 'no space' },
  );
  t.is(
    await withLock(
      path,
      () => t.fail('waited for myself'),
      async () => 'mine',
    ),
    'mine',
  );
});

function hold(path: string, holder: { readonly pid: number; readonly host: string }): Promise<void> {
  return writeFile(path, JSON.stringify({ ...holder, token: 'held' }));
}
