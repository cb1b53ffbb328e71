import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { parseAllDocuments } from 'yaml';
import { assert } from '../../lib/assert.js';
import { eventually } from '../helpers/eventually.js';

const started: ChildProcess[] = [];
const folders: string[] = [];

test.after.always(async () => {
  for (const child of started) child.kill('SIGKILL');
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

test('the programs in the shop serve a page, take an order at the price of the catalog, and refuse an unknown item', async (t) => {
  const [catalog, orders, storefront] = [await freePort(), await freePort(), await freePort()];
  const env = {
    CATALOG_URL: `http://127.0.0.1:${catalog}`,
    ORDERS_URL: `http://127.0.0.1:${orders}`,
  };
  await startFromConfigMap('catalog', { ...env, PORT: String(catalog) });
  await startFromConfigMap('orders', { ...env, PORT: String(orders) });
  await startFromConfigMap('storefront', { ...env, PORT: String(storefront) });

  const home = `http://127.0.0.1:${storefront}`;
  await eventually(async () => assert((await fetch(home)).ok, 'The shop is not complete'), { timeoutMs: 15_000 });
  t.regex(await (await fetch(home)).text(), /Astrolabe: 249\.00[\s\S]*0 sold so far/);

  const bought = await fetch(`${home}/buy/astrolabe`, { method: 'POST' });
  t.true(bought.ok);
  t.regex(await bought.text(), /1 sold so far, for 249\.00/);

  const refused = await fetch(`${env.ORDERS_URL}/orders`, { method: 'POST', body: '{"item":"submarine","count":1}' });
  t.is(refused.status, 400);
  t.deepEqual(await refused.json(), { error: 'The catalog has no submarine.' });
});

async function startFromConfigMap(service: string, env: Readonly<Record<string, string>>) {
  const text = await readFile(join('examples', 'shop', 'manifests', `${service}.yaml`), 'utf8');
  const config = parseAllDocuments(text)
    .map((document) => document.toJS())
    .find((object) => object.kind === 'ConfigMap');
  const folder = await mkdtemp(join(tmpdir(), `portolan-shop-${service}-`));
  folders.push(folder);
  for (const [name, data] of Object.entries<string>(config.data)) await writeFile(join(folder, name), data);
  started.push(spawn(process.execPath, [join(folder, 'server.mjs')], { env, stdio: 'ignore' }));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The probe server has no port.');
  return address.port;
}
