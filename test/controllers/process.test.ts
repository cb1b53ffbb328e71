import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { readControllersConfig } from '../../controllers/config.js';
import { findFreePorts } from '../helpers/control-plane/free-ports.js';
import { eventually } from '../helpers/eventually.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

/** Nobody listens there: controllers wait for a server that is away. */
const environment = { PORTOLAN_URL: 'http://127.0.0.1:1', PORTOLAN_TOKEN: 'none' };

test('controllers that run alone serve their health and their metrics', async (t) => {
  const [port = 0] = await findFreePorts(1);
  const { child, ended } = run({ PORTOLAN_METRICS_PORT: String(port), PORTOLAN_HOME: await temporaryFolder(t) });
  t.teardown(() => void child.kill('SIGKILL'));
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  await eventually(async () => (await get('/healthz')).ok || Promise.reject(new Error('It is not well.')), {
    timeoutMs: 30_000,
  });
  const metrics = await get('/metrics');
  t.regex(metrics.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  t.regex(await metrics.text(), /^portolan_passes_total 0$/m);
  t.is((await get('/graphql')).status, 404);
  child.kill('SIGTERM');
  t.is((await ended).code, 0);
});

test('controllers whose metrics port is taken say so and end', async (t) => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void other.close());
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const home = await temporaryFolder(t);
  const { ended } = run({ PORTOLAN_METRICS_PORT: String(port), PORTOLAN_HOME: home, PORTOLAN_LOG_LEVEL: 'debug' });
  const { code, said } = await ended;
  t.is(code, 2);
  t.regex(said, /"from":"bundle"/);
  t.not((await readdir(join(home, 'compiled'))).length, 0, 'the next start finds what this one compiled');
  t.regex(
    said,
    /Metrics cannot be served on 127\.0\.0\.1:[0-9]+: .*EADDRINUSE.*Give a free port in PORTOLAN_METRICS_PORT/,
  );
});

test('a failpoint kills, or stops when it is told to', (t) => {
  const read = (text: string) => readControllersConfig({ ...environment, PORTOLAN_FAILPOINT: text }).failpoint;
  t.deepEqual(read('afterApply:3'), { name: 'afterApply', count: 3, action: 'kill' });
  t.deepEqual(read('afterApply:3:stop'), { name: 'afterApply', count: 3, action: 'stop' });
  t.throws(() => read('afterApply:3:sleep'), { message: /PORTOLAN_FAILPOINT.*afterApply:3:stop/ });
});

for (const text of ['0', 'http', '70000', '-1']) {
  test(`${text} is no port for metrics`, (t) => {
    t.throws(() => readControllersConfig({ ...environment, PORTOLAN_METRICS_PORT: text }), {
      message: /PORTOLAN_METRICS_PORT.*Give a number from 1 to 65535/,
    });
  });
}

function run(more: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['dist/controllers/main.js'], {
    env: { ...process.env, ...environment, PORTOLAN_LOG_LEVEL: 'error', ...more },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ended = Promise.all([exit, text(child.stderr)]).then(([code, said]) => ({ code, said }));
  return { child, ended };
}
