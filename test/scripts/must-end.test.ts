import { fileURLToPath } from 'node:url';
import test from 'ava';
import { runAvaProject } from './ava-project.js';

const testFile = `
import { createServer } from 'node:net';
import test from 'ava';
test('listens', (t) => { t.truthy(createServer().listen(0, '127.0.0.1')); });`;

test('a test process that leaves something open says what, and fails', async (t) => {
  t.timeout(120_000);
  const mustEnd = fileURLToPath(new URL('../helpers/must-end.js', import.meta.url));
  const env = { PORTOLAN_TEST_GRACE_MS: '200' };
  const { report, code } = await runAvaProject(t, { testFile, config: { require: [mustEnd] }, env });
  t.is(code, 1);
  t.regex(report, /✔ listens/);
  t.regex(report, /The tests are over, and 200 ms later these are still open: .*TCPServer/);
  t.regex(report, /✘ one\.test\.js exited with a non-zero exit code: 1/);
});
