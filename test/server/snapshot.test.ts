import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import test from 'ava';
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

test('the server says where its program comes from, and the same of what is wrong', async (t) => {
  const home = await temporaryFolder(t);
  const start = (options: string) =>
    new Promise<string>((resolve) => {
      const { NODE_OPTIONS, ...environment } = process.env;
      const env = { ...environment, NODE_OPTIONS: options, PORTOLAN_HOME: home, PORTOLAN_LOG_LEVEL: 'debug' };
      const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' };
      execFile(node, ['dist/server/main.js'], { env: { ...env, ...nowhere } }, (error, ...said) =>
        resolve(`${error?.code} ${said.join('')}`),
      );
    });
  const [usual, asked] = await Promise.all([start(''), start('--no-deprecation')]);
  const expected = existsSync('dist/server/bundle/snapshot.json') ? 'snapshot' : 'bundle';
  t.true(usual.includes(`"from":"${expected}"`), usual);
  t.true(asked.includes('"from":"bundle"'), asked);
  for (const said of [usual, asked]) t.regex(said, /^2 .*Cannot reach the database 127\.0\.0\.1:1\/nothing/s);
});
