import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedDataVersionTag } from 'node:v8';
import test from 'ava';
import { snapshotShell } from '../../scripts/snapshot-shell.js';
import { mayBecomeSnapshot } from '../../server/snapshot/config.js';
import { type FittingSnapshot, findSnapshot } from '../../server/snapshot/find-snapshot.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const node = process.execPath;

test('a snapshot is used where it was made, by the program that made it, and when all of it is there', async (t) => {
  const folder = await temporaryFolder(t);
  const { size, mtimeMs } = await stat(node);
  const versionTag = cachedDataVersionTag();
  const made: FittingSnapshot = { folder, node: { path: node, size, mtimeMs }, versionTag, blobSize: 4 };
  const write = (told: unknown) => writeFile(join(folder, 'snapshot.json'), JSON.stringify(told));
  t.is(findSnapshot(folder, node), null, 'nothing is there');

  await writeFile(join(folder, 'snapshot.blob'), 'blob');
  t.is(findSnapshot(folder, node), null, 'it was not finished');
  await write(made);
  t.is(findSnapshot(folder, node), join(folder, 'snapshot.blob'));

  const others = [
    { ...made, folder: '/elsewhere' },
    { ...made, node: { ...made.node, path: '/usr/bin/node' } },
    { ...made, node: { ...made.node, mtimeMs: mtimeMs + 1 } },
    { ...made, node: { ...made.node, size: size + 1 } },
    { ...made, versionTag: versionTag + 1 },
    { ...made, blobSize: 5 },
    {},
    null,
  ];
  for (const other of others) {
    await write(other);
    t.is(findSnapshot(folder, node), null, JSON.stringify(other));
  }
});

test('a process that Node was given settings for stays what it is', (t) => {
  const usual = { execve: () => t.fail() as never, execArgv: [], env: {} };
  t.true(mayBecomeSnapshot(usual));
  t.false(mayBecomeSnapshot({ ...usual, execArgv: ['--inspect'] }));
  t.false(mayBecomeSnapshot({ ...usual, env: { NODE_OPTIONS: '--require ./agent.cjs' } }));
  t.false(mayBecomeSnapshot({ ...usual, send: () => true }), 'its parent sends it messages');
  t.false(mayBecomeSnapshot({ execArgv: [], env: {} }), 'Windows has no execve');
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux(
  'bin/portolan-server names the snapshot by the same guards, and else starts the program without it',
  async (t) => {
    const home = await temporaryFolder(t);
    const program = join(home, 'bin/portolan-server');
    const bundle = join(home, 'dist/server/bundle');
    const fake = join(home, 'fake node');
    await mkdir(join(home, 'bin'));
    await mkdir(bundle, { recursive: true });
    await copyFile('bin/portolan-server', program);
    await writeFile(fake, '#!/bin/sh\nprintf "%s\\n" "$@"\n');
    await chmod(fake, 0o755);
    const blob = join(bundle, 'snapshot.blob');
    const shell = join(bundle, 'snapshot.sh');
    await writeFile(blob, 'blob');
    const madeAt = new Date('2026-01-01');
    for (const path of [blob, fake]) await utimes(path, madeAt, madeAt);
    const made = snapshotShell(bundle, fake) ?? '';
    const started = async (path = program, env = {}) => {
      const { stdout } = await promisify(execFile)(path, ['--more'], { env: { PATH: process.env.PATH, ...env } });
      t.regex(stdout, /server\/main\.js\n--more\n$/);
      return stdout.startsWith('--snapshot-blob\n');
    };

    await writeFile(shell, made);
    t.true(await started());
    await symlink(program, join(home, 'link'));
    t.true(await started(join(home, 'link')), 'by a link');
    t.false(await started(program, { NODE_OPTIONS: '--no-deprecation' }));
    t.false(await started(program, { NODE_CHANNEL_FD: '3' }), 'its parent sends it messages');
    await writeFile(shell, made.replace(/(flags|Features)/, '$1 others'));
    t.false(await started(), 'another processor');
    await writeFile(shell, made);

    await cp(home, `${home}-copy`, { recursive: true, preserveTimestamps: true });
    t.teardown(() => rm(`${home}-copy`, { recursive: true }));
    t.false(await started(`${home}-copy/bin/portolan-server`), 'it was made elsewhere');

    for (const path of [blob, fake]) {
      const text = await readFile(path, 'utf8');
      await writeFile(path, `${text}\n`);
      await utimes(path, madeAt, madeAt);
      t.false(await started(), `${path} has another size`);
      await writeFile(path, text);
      t.false(await started(), `${path} is of another time`);
      await utimes(path, madeAt, madeAt);
      t.true(await started());
    }
  },
);

test('the server says where its program comes from, and the same of what is wrong', async (t) => {
  const home = await temporaryFolder(t);
  const start = (options: string, command = [node, 'dist/server/main.js']) =>
    new Promise<string>((resolve) => {
      const { NODE_OPTIONS, ...environment } = process.env;
      const env = { ...environment, NODE_OPTIONS: options, PORTOLAN_HOME: home, PORTOLAN_LOG_LEVEL: 'debug' };
      const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' };
      const [program = '', ...args] = command;
      execFile(program, args, { env: { ...env, ...nowhere } }, (error, ...said) =>
        resolve(`${error?.code} ${said.join('')}`),
      );
    });
  const [usual, asked] = await Promise.all([start(''), start('--no-deprecation')]);
  const byShell = process.platform === 'win32' ? usual : await start('', ['bin/portolan-server']);
  const expected = existsSync('dist/server/bundle/snapshot.json') ? 'snapshot' : 'bundle';
  for (const said of [usual, byShell]) t.true(said.includes(`"from":"${expected}"`), said);
  t.true(asked.includes('"from":"bundle"'), asked);
  for (const said of [usual, byShell, asked]) t.regex(said, /^2 .*Cannot reach the database 127\.0\.0\.1:1\/nothing/s);
});
