import { chmod, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { getTool } from '../../scripts/tools/catalog.js';
import { createWorkFolder, placeInCache, readCached, removeDamaged } from '../../scripts/tools/tools-cache.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const kwok = getTool('kwok');

test('gives what was put in, under its version, and leaves nothing beside it', async (t) => {
  const cache = await temporaryFolder(t);
  await put(cache, 'program');
  t.deepEqual(readCached(cache, kwok), {
    version: '0.8.0',
    path: join(cache, 'kwok-0.8.0', 'kwok'),
    origin: 'downloaded',
  });
  t.deepEqual(await readdir(cache), ['kwok-0.8.0']);
});

test('a tool of another version is not there', async (t) => {
  const cache = await temporaryFolder(t);
  await put(cache, 'program');
  t.is(readCached(cache, { ...kwok, version: '0.9.0' }), null);
});

test('a program that is cut short is not there', async (t) => {
  const cache = await temporaryFolder(t);
  const path = await put(cache, 'program');
  await truncate(path, 3);
  t.is(readCached(cache, kwok), null);
});

test('removes a program whose bytes changed, and only then', async (t) => {
  const cache = await temporaryFolder(t);
  const path = await put(cache, 'program');
  t.false(await removeDamaged(cache, kwok));
  await writeFile(path, 'PROGRAM');
  t.true(await removeDamaged(cache, kwok));
  t.deepEqual(await readdir(cache), []);
});

test('replaces what is there', async (t) => {
  const cache = await temporaryFolder(t);
  await put(cache, 'old');
  await put(cache, 'longer');
  t.is(readCached(cache, kwok)?.origin, 'downloaded');
  t.false(await removeDamaged(cache, kwok));
  t.deepEqual(await readdir(cache), ['kwok-0.8.0']);
});

test('a new work folder removes what a killed run of the same recipe left', async (t) => {
  const cache = await temporaryFolder(t);
  await createWorkFolder(cache, 'kwok');
  await createWorkFolder(cache, 'helm');
  await createWorkFolder(cache, 'kwok');
  const names = await readdir(cache);
  t.is(names.filter((name) => name.startsWith('.work-kwok-')).length, 1);
  t.is(names.filter((name) => name.startsWith('.work-helm-')).length, 1);
});

async function put(cache: string, content: string): Promise<string> {
  const draft = join(cache, 'draft');
  await writeFile(draft, content);
  await placeInCache(cache, kwok, draft, 'downloaded');
  const path = join(cache, 'kwok-0.8.0', 'kwok');
  await chmod(path, 0o755);
  return path;
}
