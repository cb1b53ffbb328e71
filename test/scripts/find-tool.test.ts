import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { getTool } from '../../scripts/tools/catalog.js';
import { readToolsConfig } from '../../scripts/tools/config.js';
import { findMissingTools, findTool } from '../../scripts/tools/find-tool.js';
import { placeInCache } from '../../scripts/tools/tools-cache.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

test('takes a program on the PATH whose version fits', async (t) => {
  const { folder, config } = await givenMachine(t);
  const path = await program(folder, 'etcd', 'etcd Version: 3.6.4');
  t.deepEqual(await findTool('etcd', config()), {
    found: true,
    name: 'etcd',
    version: '3.6.4',
    path,
    origin: `PATH (${path})`,
  });
});

test('passes over a program on the PATH that is too old, for the one in the tools cache', async (t) => {
  const { folder, cacheFolder, config } = await givenMachine(t);
  await program(folder, 'etcd', 'etcd Version: 3.4.23');
  await placeInCache(cacheFolder, getTool('etcd'), await program(cacheFolder, 'draft', ''), 'built from Go modules');
  t.like(await findTool('etcd', config()), {
    found: true,
    path: join(cacheFolder, 'etcd-3.6.0', 'etcd'),
    origin: 'tools cache (built from Go modules)',
  });
});

test('says which versions would do when there is none', async (t) => {
  const { config } = await givenMachine(t);
  t.deepEqual(await findTool('etcd', config()), {
    found: false,
    name: 'etcd',
    reason: 'etcd from 3.6.0 and below 3.7.0 is not on the PATH or in the tools cache',
  });
});

test('a program that a variable names is the one, or none', async (t) => {
  const { folder, config } = await givenMachine(t);
  await program(folder, 'etcd', 'etcd Version: 3.6.0');
  const old = await program(folder, 'old-etcd', 'etcd Version: 3.4.23');
  const good = await program(folder, 'new-etcd', 'etcd Version: 3.6.1');

  t.like(await findTool('etcd', config({ PORTOLAN_ETCD: good })), { found: true, path: good, origin: 'PORTOLAN_ETCD' });
  t.like(await findTool('etcd', config({ PORTOLAN_ETCD: old })), {
    found: false,
    reason: `PORTOLAN_ETCD names ${old}, version 3.4.23: from 3.6.0 and below 3.7.0 is needed`,
  });
  t.like(await findTool('etcd', config({ PORTOLAN_ETCD: join(folder, 'none') })), {
    found: false,
    reason: `PORTOLAN_ETCD names ${join(folder, 'none')}, which is not an executable file`,
  });
});

test('a group is missing as long as one of its tools is', async (t) => {
  const { folder, config } = await givenMachine(t);
  t.deepEqual(
    findMissingTools('helm', config()).map(({ name }) => name),
    ['helm'],
  );
  await program(folder, 'helm', 'v3.22.0+gabc');
  t.deepEqual(findMissingTools('helm', config()), []);
});

test('refuses to require a group that does not exist', (t) => {
  t.throws(() => readToolsConfig({ PORTOLAN_REQUIRE: 'kubernetes,kubernets' }), {
    message: /'kubernets' is not a group of tools. There are: kubernetes, helm/,
  });
});

async function givenMachine(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const cacheFolder = join(folder, 'portolan', 'tools');
  await mkdir(cacheFolder, { recursive: true });
  const config = (more: Readonly<Record<string, string>> = {}) =>
    readToolsConfig({ PATH: folder, XDG_CACHE_HOME: folder, ...more });
  return { folder, cacheFolder, config };
}

/** A program that prints `output`, whatever it is asked. */
async function program(folder: string, name: string, output: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\necho '${output}'\n`, { mode: 0o755 });
  return path;
}
