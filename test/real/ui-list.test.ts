import type { ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import type { Actor } from '../../db/contract.js';
import { startBrowser, type TestBrowser } from '../helpers/browser.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { needs } from '../helpers/needs.js';
import { startTestServer, type TestServer } from '../helpers/server.js';

const test = needs<{ server: TestServer; browser: TestBrowser }>('browser');

const operator: Actor = { principalId: '7d1f3a52-0a5f-4d8f-9c0e-9b6a51f0c001', name: 'operator', role: 'operator' };
const COUNT = 1_000;

/** A thousand instances that nothing reconciles: those with even numbers are in dev, the others in prod. */
test.before(async (t) => {
  t.timeout(120_000);
  const server = await startTestServer(null);
  const { store } = server;
  await store.commit(
    makeChangeset([
      makeEdit.runtime('sandbox', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      makeEdit.environment('prod'),
      makeEdit.app('service'),
    ]),
    operator,
  );
  for (let first = 0; first < COUNT; first += 100) {
    const edits = Array.from({ length: 100 }, (_, index) => {
      const number = first + index;
      const name = `service-${String(number).padStart(4, '0')}`;
      return makeEdit.instance(name, number % 2 === 0 ? 'dev' : 'prod', { spec: { app: 'service' } });
    });
    await store.commit(makeChangeset(edits), operator);
  }
  Object.assign(t.context, { server, browser: await startBrowser() });
});
test.after.always(async (t) => {
  await t.context.browser?.close();
  await t.context.server?.close();
});

async function openList(t: ExecutionContext<{ server: TestServer; browser: TestBrowser }>, search = ''): Promise<Page> {
  const { browser, server } = t.context;
  const page = await browser.open(t, `${server.url}/ui/${search}#token=${server.operatorToken}`);
  await page.getByRole('listitem').first().waitFor();
  return page;
}

test('a thousand instances are counted, and no more of them are in the page than are seen', async (t) => {
  const page = await openList(t);
  await page.getByRole('heading', { name: 'App instances 1,000' }).waitFor();
  await page.getByRole('button', { name: 'Progressing 1,000' }).waitFor();
  t.true((await page.getByRole('listitem').count()) < 60);

  await page.locator('.rows').evaluate((rows) => rows.scrollTo({ top: rows.scrollHeight }));
  await page.getByRole('link', { name: 'service-0999' }).waitFor();
  t.is(await page.getByRole('link', { name: 'service-0000' }).count(), 0);
  t.true((await page.getByRole('listitem').count()) < 60);
});

test('a list is narrowed by part of a name, environment and health, and its address says how', async (t) => {
  const page = await openList(t);
  await page.getByLabel('Part of a name').fill('99');
  await page.getByRole('heading', { name: 'App instances 19' }).waitFor();
  await page.getByLabel('Environment').selectOption('prod');
  await page.getByRole('heading', { name: 'App instances 14' }).waitFor();
  await page.getByRole('button', { name: 'Progressing 14' }).click();
  const { search } = new URL(page.url());
  t.is(search, '?environment=prod&health=Progressing&text=99');

  const other = await openList(t, search);
  await other.getByRole('heading', { name: 'App instances 14' }).waitFor();
  await other.getByLabel('Part of a name').fill('nothing-of-that-name');
  await other.getByRole('heading', { name: 'No app instances match' }).waitFor();
  await other.getByRole('link', { name: 'Show all app instances' }).click();
  await other.getByRole('heading', { name: 'App instances 1,000' }).waitFor();
});

test('a list that was narrowed is there again after a chart, and the keyboard alone leads to it and back', async (t) => {
  const page = await openList(t, '?text=0500');
  await page.getByRole('link', { name: 'service-0500' }).focus();
  await page.keyboard.press('Enter');
  const card = page.getByRole('button', { name: 'App instance Progressing service-0500' });
  await card.focus();
  await page.keyboard.press('Enter');
  const details = page.getByRole('complementary', { name: 'Details' });
  await details.getByRole('heading', { name: 'service-0500' }).waitFor();
  await page.keyboard.press('Escape');
  await details.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'App instances' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'App instances 1', exact: true }).waitFor();
  t.is(new URL(page.url()).search, '?text=0500');
});

test('a phone shows the list and a chart with nothing beyond its edge', async (t) => {
  const { browser, server } = t.context;
  const url = `${server.url}/ui/#token=${server.operatorToken}`;
  const page = await browser.open(t, url, { viewport: { width: 360, height: 740 } });
  const isWithin = () => page.evaluate<boolean>('document.documentElement.scrollWidth <= window.innerWidth');
  await page.getByRole('link', { name: 'service-0000' }).waitFor();
  t.true(await isWithin());
  await page.getByRole('link', { name: 'service-0000' }).click();
  await page.getByRole('button', { name: /^App instance/ }).waitFor();
  t.true(await isWithin());
});
