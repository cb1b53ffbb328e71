import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { systemClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { createAccess } from '../../../server/access.js';
import { openHttpServer } from '../../../server/http.js';
import { defaultLimits } from '../../../server/limits.js';
import { uiRoutes } from '../../../server/ui/routes.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

async function serve(folder: string) {
  return openHttpServer({
    host: '127.0.0.1',
    port: 0,
    routes: await uiRoutes(pathToFileURL(`${folder}/`)),
    access: createAccess({ host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] }),
    upgrade: (_request, socket) => socket.destroy(),
    limits: defaultLimits,
    clock: systemClock,
    log: silentLog,
  });
}

test('a page that is not built says how to build it', async (t) => {
  const server = await serve(join(await temporaryFolder(t), 'nothing'));
  t.teardown(() => server.close());
  const response = await fetch(`${server.url}/ui/`);
  t.is(response.status, 503);
  t.regex(await response.text(), /Build it with `npm run build`/);
});

test('the page is asked for anew each time, and its assets never again', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'assets', 'index-1a2b.js'), 'first()');
  await writeFile(join(folder, 'assets', 'index-1a2b.js.gz'), gzipSync('first()'));
  await writeFile(join(folder, 'assets', 'left.map'), '{}');
  const server = await serve(folder);
  t.teardown(() => server.close());

  const page = await fetch(`${server.url}/ui`);
  t.is(page.url, `${server.url}/ui/`, 'without the slash too');
  t.is(page.headers.get('cache-control'), 'no-cache');
  t.true(page.headers.get('content-security-policy')?.includes("default-src 'none'"));
  t.false(page.headers.get('content-security-policy')?.includes('unsafe'));

  const script = await fetch(`${server.url}/ui/assets/index-1a2b.js`);
  t.is(script.headers.get('content-encoding'), 'gzip');
  t.regex(script.headers.get('cache-control') ?? '', /immutable/);
  t.is(await script.text(), 'first()');
  const plain = await fetch(`${server.url}/ui/assets/index-1a2b.js`, { headers: { 'accept-encoding': 'gzip;q=0' } });
  t.is(plain.headers.get('content-encoding'), null);
  t.is(await plain.text(), 'first()');

  for (const path of ['assets/left.map', 'assets/index-1a2b.js.gz', '../package.json', 'assets/'])
    t.is((await fetch(`${server.url}/ui/${path}`)).status, 404, path);
});
