import { startBrowser, type TestBrowser } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';
import { startTestServer, type TestServer } from '../helpers/server.js';

const test = needs<{ server: TestServer; browser: TestBrowser }>('browser');

test.before(async (t) => {
  t.context.server = await startTestServer(null);
  t.context.browser = await startBrowser();
});
test.after.always(async (t) => {
  await t.context.browser?.close();
  await t.context.server?.close();
});

test('the explorer takes a token, runs a query and shows the answer', async (t) => {
  const { server, browser } = t.context;
  const page = await browser.open(t, server.url);
  await page.getByLabel('Token').fill(server.operatorToken);
  await page.locator('textarea#query').fill('{ me { name role } }');
  await page.locator('#who[data-state=good]', { hasText: 'operator' }).waitFor();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const answer = (await page.locator('#answers pre').textContent()) ?? '';
  t.deepEqual(JSON.parse(answer), { data: { me: { name: 'operator', role: 'operator' } } });
});

test('the explorer shows each answer of a subscription as it comes, until it is stopped', async (t) => {
  const { server, browser } = t.context;
  const page = await browser.open(t, server.url);
  await page.getByLabel('Token').fill(server.operatorToken);
  await page.locator('textarea#query').fill('subscription { tiers(first: 100) { nodes { name } } }');
  await page.locator('textarea#query').press('Control+Enter');
  await page.locator('#answers pre').waitFor();
  const edits = [{ op: 'CREATE', kind: 'Tier', name: 'seen-live', spec: { order: 7 } }];
  const apply = 'mutation ($edits: [EditInput!]!) { apply(input: { edits: $edits }) { cursor } }';
  t.is((await server.query(apply, { edits })).errors, undefined);
  await page.locator('#answers pre', { hasText: 'seen-live' }).waitFor();
  await page.locator('#status', { hasText: 'Live · 2 answers' }).waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.locator('#status', { hasText: 'Ended' }).waitFor();
  t.is(await page.getByRole('button', { name: 'Run', exact: true }).count(), 1);
});
