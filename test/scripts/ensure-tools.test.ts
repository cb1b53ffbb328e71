import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readToolsConfig, type ToolsConfig } from '../../scripts/tools/config.js';
import { findChecksum } from '../../scripts/tools/download-release.js';
import { ensureTools } from '../../scripts/tools/ensure-tools.js';
import type { Progress } from '../../scripts/tools/progress.js';
import type { Recipe } from '../../scripts/tools/tool.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const silent: Progress = { step() {}, advance() {}, line() {}, end() {}, close() {} };
const program = '#!/bin/sh\necho helm\n';

test('downloads a program once, however many processes want it', async (t) => {
  const { config, recipe, requests, cacheFolder } = await givenSite(t, sha256(program));
  const runs = await Promise.all([1, 2, 3].map(() => ensureTools(['helm'], config, silent, [recipe])));
  for (const lookups of runs) t.like(lookups[0], { found: true, version: '3.22.0' });
  t.deepEqual(requests, ['/helm.sha256', '/helm']);
  t.deepEqual(await readdir(cacheFolder), ['helm-3.22.0']);
  t.is(await readFile(join(cacheFolder, 'helm-3.22.0', 'helm'), 'utf8'), program);
});

test('a download that is not what was published is refused, and nothing of it stays', async (t) => {
  const { config, recipe, cacheFolder } = await givenSite(t, sha256('another program'));
  const [lookup] = await ensureTools(['helm'], config, silent, [recipe]);
  t.false(lookup?.found);
  t.regex(lookup?.found === false ? lookup.reason : '', /has SHA-256 [0-9a-f]{64}, but [0-9a-f]{64} was published/);
  t.deepEqual(await readdir(cacheFolder), []);
});

test('a site that cannot be reached is an answer that names it', async (t) => {
  const { config, recipe, close } = await givenSite(t, sha256(program));
  await close();
  const [lookup] = await ensureTools(['helm'], config, silent, [recipe]);
  t.regex(lookup?.found === false ? lookup.reason : '', /^127\.0\.0\.1:\d+ cannot be used: fetch failed/);
});

const sum = sha256('x');
const checksums = [
  { title: 'a sum alone', text: `${sum}\n`, format: 'text', expected: sum },
  { title: 'a line of sha256sum', text: `${sha256('y')}  other\n${sum}  kwok\n`, format: 'text', expected: sum },
  { title: 'a line that marks binary mode', text: `${sum} *dist/kwok`, format: 'text', expected: sum },
  { title: 'lines of other files only', text: `${sum}  kwokctl\n`, format: 'text', expected: null },
  {
    title: "GitHub's description of a release",
    text: JSON.stringify({ assets: [{ name: 'kwokctl' }, { name: 'kwok', digest: `sha256:${sum}` }] }),
    format: 'github',
    expected: sum,
  },
  {
    title: 'a release without digests',
    text: JSON.stringify({ assets: [{ name: 'kwok', digest: null }] }),
    format: 'github',
    expected: null,
  },
] as const;

for (const { title, text, format, expected } of checksums) {
  test(`finds ${expected === null ? 'no sum' : 'the sum'} in ${title}`, (t) => {
    t.is(findChecksum(text, format, 'kwok'), expected);
  });
}

async function givenSite(t: ExecutionContext, published: string) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.end(request.url === '/helm' ? program : `${published}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  t.teardown(close);

  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/helm`;
  const recipe: Recipe = {
    name: 'helm',
    gives: ['helm'],
    release: () => ({ url, member: null, checksumUrl: `${url}.sha256`, checksumFormat: 'text' }),
    goBuild: null,
    systemPackage: null,
  };
  const folder = await temporaryFolder(t);
  const config: ToolsConfig = readToolsConfig({ PATH: '', XDG_CACHE_HOME: folder });
  return { requests, close, recipe, config, cacheFolder: config.cacheFolder };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
