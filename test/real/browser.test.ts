import { startBrowser, type TestBrowser } from '../helpers/browser.js';
import { needs } from '../helpers/needs.js';

const test = needs<{ browser: TestBrowser }>('browser');

test.before(async (t) => {
  t.context.browser = await startBrowser();
});
test.after.always((t) => t.context.browser?.close());

const pages = [
  { title: 'a page whose script throws', html: '<script>throw new Error("it broke")</script>', problem: /it broke/ },
  {
    title: 'a page that its own policy keeps from something',
    html: `<meta http-equiv="content-security-policy" content="script-src 'none'"><script>0</script>`,
    problem: /Content Security Policy/,
  },
];

for (const { title, html, problem } of pages) {
  test(`${title} fails its test when it is over`, async (t) => {
    const ends: (() => unknown)[] = [];
    const page = await t.context.browser.open(
      { teardown: (end) => void ends.push(end) },
      `data:text/html,${encodeURIComponent(`${html}<p>shown`)}`,
    );
    await page.getByText('shown').waitFor();
    await t.throwsAsync(async () => ends[0]?.(), { message: problem });
  });
}

test('two pages of two tests keep nothing of each other', async (t) => {
  const url = 'data:text/html,<p>shown';
  const [one, other] = await Promise.all([t.context.browser.open(t, url), t.context.browser.open(t, url)]);
  await one.context().addCookies([{ name: 'mine', value: '1', url: 'http://example.test' }]);
  t.is((await one.context().cookies()).length, 1);
  t.is((await other.context().cookies()).length, 0);
});
