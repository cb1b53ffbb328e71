import type { ExecutionContext } from 'ava';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findTool } from '../../scripts/tools/find-tool.js';
import { browserPath } from './browser/config.js';

/** A Chromium without a window and with an empty profile, for the tests of one file. */
export interface TestBrowser {
  /**
   * A page of the test's own: it shares no storage with the others, and goes with the test. The test fails when a
   * script of the page throws, or its content security policy keeps something out.
   */
  open(t: Pick<ExecutionContext, 'teardown'>, url: string, options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

/** To be closed in after.always. @throws Error when there is no Chromium: files that use it begin with needs('browser'). */
export async function startBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: flags, timeout: patienceMs });
  return {
    async open(t, url, options) {
      const context = await browser.newContext(options);
      context.setDefaultTimeout(patienceMs);
      const problems = problemsOf(context);
      t.teardown(async () => {
        await context.close();
        if (problems.length > 0) throw new Error(`The page has problems:\n${problems.join('\n')}`);
      });
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
    close: () => browser.close(),
  };
}

/** A page takes a second on an idle machine. */
const patienceMs = 60_000;

/** No sandbox, for root has none; and nothing of what Chromium asks of its maker on its own account. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function problemsOf(context: BrowserContext): readonly string[] {
  const problems: string[] = [];
  context.on('weberror', (event) => problems.push(event.error().stack ?? event.error().message));
  context.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  return problems;
}

async function findBrowser(): Promise<string> {
  const given = browserPath();
  if (given !== null) return given;
  const tool = await findTool('chromium');
  if (!tool.found) throw new Error(`A browser cannot start: ${tool.reason}. Get it by: npm run tools -- browser`);
  return tool.path;
}
