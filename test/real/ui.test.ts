import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { type RunningPlane, startPlane } from '../../plane/main.js';
import { createSdk, type Sdk } from '../../sdk/client.js';
import { createGraphClient, type GraphClient } from '../../sdk/graph-client.js';
import { readServerConfig, type ServerConfig } from '../../server/config.js';
import { startBrowser, type TestBrowser } from '../helpers/browser.js';
import { createTestDatabase, type TestDatabase } from '../helpers/database.js';
import { needs } from '../helpers/needs.js';
import { urlOf } from '../helpers/server.js';
import { brokenImage, shop } from '../loop/apps.js';

interface Context {
  readonly browser: TestBrowser;
  readonly database: TestDatabase;
  readonly config: ServerConfig;
  readonly plane: RunningPlane;
  readonly client: GraphClient;
}

const test = needs<Context>('browser');
const home = mkdtempSync(join(tmpdir(), 'portolan-ui-'));

test.before(async (t) => {
  const database = await createTestDatabase();
  const settings = { PORTOLAN_HOME: home, PORTOLAN_PORT: '0', DATABASE_URL: urlOf(database.connection) };
  const config = readServerConfig(settings);
  const plane = await start(config);
  const client = createGraphClient({
    url: plane.url,
    token: plane.server.tokens.operator,
    clock: systemClock,
    log: silentLog,
  });
  Object.assign(t.context, { browser: await startBrowser(), database, config, plane, client });
});
test.after.always(async (t) => {
  await t.context.browser?.close();
  await t.context.client?.close();
  await t.context.plane?.close();
  await t.context.database?.drop();
  rmSync(home, { recursive: true, force: true });
});

const start = (config: ServerConfig) =>
  startPlane({ config, clock: systemClock, random: systemRandom, log: silentLog, isSandboxFast: true });

interface Watched {
  readonly page: Page;
  /** Paths of what it asked for. */
  readonly asked: readonly string[];
  /** What it complained of in the console. */
  readonly complaints: readonly string[];
}

/** The page with somebody logged in. */
async function openPage(t: ExecutionContext<Context>): Promise<Watched> {
  const { browser, plane } = t.context;
  const page = await browser.open(t, 'about:blank');
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  await page.goto(`${plane.url}/ui/#token=${plane.server.tokens.operator}`);
  return { page, asked, complaints };
}

async function deploy(sdk: Sdk, app: string, image?: string): Promise<string> {
  const { deploy: made } = await sdk.Deploy({
    input: { app, environment: 'dev', appSpec: { components: shop(image) } },
  });
  return made.instance.id;
}

/** How many there are, once so many are there: lines are drawn after the cards that they join. */
async function countOf(page: Page, selector: string, least: number): Promise<number> {
  const found = page.locator(selector);
  await found.nth(least - 1).waitFor({ state: 'attached' });
  return found.count();
}

/** A card of the chart by the name of its resource. */
const card = (page: Page, name: string) =>
  page.locator('.card').filter({ has: page.locator('.card-name').getByText(name, { exact: true }) });

test.serial(
  'a link with a token logs in and leaves no token in the address; a plane with nothing says what to do',
  async (t) => {
    const { page } = await openPage(t);
    await page.getByRole('heading', { name: 'No app instances yet' }).waitFor();
    await page.getByText('npx portolan deploy -f examples/wordpress/app.yaml --env dev').waitFor();
    t.is(new URL(page.url()).hash, '');
    await page.reload();
    await page.getByRole('heading', { name: 'No app instances yet' }).waitFor();
  },
);

test.serial('a token that is not valid is refused in words, and the next one is taken', async (t) => {
  const { browser, plane } = t.context;
  const page = await browser.open(t, `${plane.url}/ui/`);
  await page.getByLabel('Token').fill('not-a-token');
  await page.getByRole('button', { name: 'Open the chart' }).click();
  await page
    .getByRole('alert')
    .getByText(/The token is not valid here/)
    .waitFor();
  t.is(await page.getByLabel('Token').inputValue(), '');
  await page.getByLabel('Token').fill(plane.server.tokens.operator);
  await page.getByRole('button', { name: 'Open the chart' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
});

test.serial(
  'an app comes up, breaks, is mended and goes under the eyes of who looks, without a poll or a reload',
  async (t) => {
    const sdk = createSdk(t.context.client);
    const { page, asked, complaints } = await openPage(t);
    await page.getByRole('heading', { name: 'No app instances yet' }).waitFor();

    await deploy(sdk, 'store');
    const row = page.getByRole('link', { name: 'store' });
    await row.getByText('Healthy').waitFor();
    await page.getByRole('button', { name: /Healthy 1/ }).waitFor();

    await row.click();
    await card(page, 'web')
      .getByRole('button', { name: /Deployment web/ })
      .waitFor();
    for (const name of ['namespace', 'sandbox']) await card(page, name).waitFor();
    // The instance brings two workloads and is of its app; web waits for the namespace, which is on the runtime.
    t.is(await countOf(page, '.line[data-line=owner]', 2), 2);
    t.is(await countOf(page, '.line[data-line=reference]', 3), 3);
    await card(page, 'sandbox').getByRole('button').click();
    await page.locator('.line[data-implied]').nth(1).waitFor({ state: 'attached' });
    t.is(await countOf(page, '.line[data-near]', 3), 3, 'all that is on the runtime');

    await card(page, 'web')
      .getByRole('button', { name: /Deployment web/ })
      .click();
    const panel = page.getByRole('complementary', { name: 'Details' });
    await panel.getByRole('heading', { name: 'web' }).waitFor();

    await deploy(sdk, 'store', brokenImage);
    await card(page, 'web').locator('.card-head').getByText('Degraded').waitFor();
    await page.getByRole('region', { name: 'Why?' }).getByText(brokenImage).first().waitFor();
    await panel.getByText('ImagePullFailed').waitFor();

    await deploy(sdk, 'store');
    await card(page, 'web').locator('.card-head').getByText('Healthy').waitFor();
    await page.getByRole('region', { name: 'Why?' }).waitFor({ state: 'detached' });

    await sdk.Apply({ input: { edits: [{ op: 'DELETE', kind: 'AppInstance', name: 'store', environment: 'dev' }] } });
    await page.getByRole('heading', { name: 'It is gone' }).waitFor();
    await page.getByRole('link', { name: 'Back to the list' }).click();
    await page.getByRole('heading', { name: 'No app instances yet' }).waitFor();

    const others = asked.filter((path) => path !== '/ui/' && !path.startsWith('/ui/assets/'));
    t.deepEqual(others, [], 'all came over the one socket');
    t.deepEqual(complaints, []);
  },
);

test.serial('what an app brings beside its workloads is in the chart, and its password is hidden', async (t) => {
  const sdk = createSdk(t.context.client);
  await sdk.Apply({
    input: {
      edits: [{ op: 'CREATE', kind: 'CloudAccount', name: 'cloud', spec: { provider: 'sandbox', default: true } }],
    },
  });
  const spec = { account: 'cloud', location: 'local', engine: 'mysql', version: '8.4', size: 'small', storageGb: 20 };
  const appSpec = { components: shop(), dependencies: [{ name: 'data', kind: 'Database', spec }] };
  await sdk.Deploy({ input: { app: 'blog', environment: 'dev', appSpec } });

  const { page } = await openPage(t);
  await page.getByRole('link', { name: 'blog' }).click();
  for (const name of ['data', 'cloud', 'web', 'sandbox']) await card(page, name).waitFor();
  await card(page, 'data').getByText('Healthy').waitFor();
  await card(page, 'data').getByRole('button').click();
  const outputs = page.getByRole('complementary', { name: 'Details' }).locator('.fields').first();
  await outputs.locator('div', { hasText: 'password' }).getByText('hidden').waitFor();
  await outputs.locator('div', { hasText: 'port' }).getByText('3306').waitFor();
  t.pass();
});

test.serial('a server that goes away is told with the time, and is live again by itself when it is back', async (t) => {
  const { browser, plane, config } = t.context;
  // The browser itself logs each refused connection.
  const page = await browser.open(t, `${plane.url}/ui/#token=${plane.server.tokens.operator}`);
  await page.getByText('Live', { exact: true }).waitFor();
  await plane.close();
  await page
    .getByRole('alert')
    .getByText(/^No connection to the server since .*It is tried again by itself/)
    .waitFor();
  const next = await start({ ...config, port: plane.server.port });
  t.teardown(() => next.close());
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  const { sdk, close } = await sdkOf(next);
  await deploy(sdk, 'back').finally(close);
  await page.getByRole('link', { name: 'back' }).getByText('Healthy').waitFor();
  t.pass();
});

async function sdkOf({ url, server }: RunningPlane) {
  const client = createGraphClient({ url, token: server.tokens.operator, clock: systemClock, log: silentLog });
  return { sdk: createSdk(client), close: () => client.close() };
}
