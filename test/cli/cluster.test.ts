import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { isAlive, readPlaneFile } from '../../cli/process/plane-file.js';
import { createSandboxControl, type SandboxControl } from '../../drivers/sandbox/control.js';
import { sandboxSocketPath } from '../../drivers/sandbox/socket-path.js';
import type { JsonObject } from '../../lib/canonical.js';
import { removeHome } from '../../scripts/demo/leftovers.js';
import { eventually } from '../helpers/eventually.js';
import { createPortolan, type Portolan, startPortolan } from './portolan.js';

/* What a person asks about the cluster behind an app: logs, differences, drift. On the sandbox, by the whole program. */

let home = '';
let portolan: Portolan = () => Promise.reject(new Error('The data folder is not there yet.'));
let control: SandboxControl;
let runtimeId = '';
let namespace = '';

const deployment = (image: string, replicas = 2): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          { name: 'main', image },
          { name: 'proxy', image: 'example.com/proxy:1' },
        ],
      },
    },
  },
});
const app = (image: string, more: { replicas?: number; policy?: JsonObject } = {}) =>
  JSON.stringify({
    kind: 'App',
    name: 'hello',
    spec: {
      components: [{ name: 'web', type: 'manifests', objects: [deployment(image, more.replicas)] }],
      ...(more.policy && { policy: more.policy }),
    },
  });
const place = ['--env', 'dev'];

test.before(async (t) => {
  t.timeout(150_000);
  home = await mkdtemp(join(tmpdir(), 'portolan-cli-'));
  portolan = createPortolan(home);
  t.is((await portolan(['up', '--port', '0'])).code, 0);
  t.is((await portolan(['env', 'list'])).code, 0);
  const deployed = await portolan(['deploy', '-f', '-', ...place, '--watch', '--timeout', '90s'], {
    input: app('example.com/web:1', { policy: { drift: 'report' } }),
  });
  t.is(deployed.code, 0, deployed.err + deployed.out);
  control = createSandboxControl({ socketPath: sandboxSocketPath(join(home, 'sandbox')) });
  const [found] = await control.objects({ kind: 'Deployment' });
  runtimeId = found?.cluster ?? '';
  namespace = found?.object.metadata.namespace ?? '';
});

test.after.always(async () => {
  await control?.close();
  const plane = await readPlaneFile(home);
  await portolan(['down']);
  if (plane && isAlive(plane.pid)) process.kill(plane.pid, 'SIGKILL');
  removeHome(home);
});

test.serial('logs shows the lines of every container with its pod, and of one alone without', async (t) => {
  const all = await portolan(['logs', 'hello', ...place]);
  t.is(all.code, 0, all.err);
  const sources = new Set(all.out.split('\n').map((line) => /^(web-\S+\/(?:main|proxy)) {2}\S/.exec(line)?.[1]));
  sources.delete(undefined);
  t.is(sources.size, 4, all.out);

  const tail = await portolan(['logs', 'hello', ...place, '-c', 'proxy', '--tail', '1', '-o', 'json']);
  const lines = tail.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { container: string; text: string });
  t.deepEqual(
    lines.map(({ container }) => container),
    ['proxy', 'proxy'],
  );
  t.regex((await portolan(['logs', 'workload', 'hello/web', ...place])).out, /^web-\S+\/main {2}/m);
});

test.serial('logs -f goes on until Ctrl-C', async (t) => {
  const followed = startPortolan(home, ['logs', 'hello', ...place, '-f']);
  await followed.until(/^web-\S+\/main {2}\S/m);
  t.is(await followed.interrupt(), 0);
});

test.serial('logs of a component that is not there says so', async (t) => {
  const { code, err } = await portolan(['logs', 'hello', ...place, '--component', 'wbe']);
  t.not(code, 0);
  t.regex(err, /wbe/);
});

test.serial('diff says that nothing would change, and what a file would change', async (t) => {
  const now = await portolan(['diff', 'hello', ...place, '--exit-code']);
  t.is(now.code, 0, now.err + now.out);
  t.regex(now.out, /^0 to create, 0 to change, 0 to replace, 0 to delete, 2 as desired\.$/m);

  const file = await portolan(['diff', 'hello', ...place, '-f', '-', '--exit-code'], {
    input: app('example.com/web:2', { replicas: 3 }),
  });
  t.is(file.code, 1, file.err + file.out);
  t.regex(file.out, /~ Deployment\/\S+\/web {2}is changed/);
  t.regex(file.out, /~ spec\.replicas: 2 → 3/);
  t.regex(
    file.out,
    /~ spec\.template\.spec\.containers\[name=main\]\.image: example\.com\/web:1 → example\.com\/web:2/,
  );
  t.regex(file.out, /^0 to create, 1 to change, /m);
  t.is((await portolan(['get', 'app', 'hello', '-o', 'json'])).out.includes('example.com/web:2'), false);
});

test.serial('diff refuses the file of another app in words', async (t) => {
  const other = app('example.com/web:1').replace('"hello"', '"other"');
  const { code, err } = await portolan(['diff', 'hello', ...place, '-f', '-'], { input: other });
  t.is(code, 2);
  t.regex(err, /is of the app hello, and the file .* is of other/);
});

test.serial(
  'drift lists what another hand set and left so by policy, with who did it; describe and tree tell too',
  async (t) => {
    const key = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' };
    await control.editByHand(runtimeId, key, { spec: { replicas: 5 } }, 'kubectl-edit');
    const seen = await eventually(
      async () => {
        const answer = await portolan(['drift', 'hello', ...place, '--exit-code']);
        if (answer.code !== 1) throw new Error(`It is not seen: ${answer.out}${answer.err}`);
        return answer;
      },
      { timeoutMs: 30_000 },
    );
    t.regex(
      seen.out,
      /^AppInstance hello in dev: Deployment\/\S+\/web\n {2}~ spec\.replicas: 5 → 2 {2}by kubectl-edit, \d+s ago$/m,
    );
    t.regex(seen.err, /1 object differs from what is desired/);
    t.regex(
      (await portolan(['describe', 'hello', ...place])).out,
      /Differs from what is desired:\n {2}Deployment\/\S+\/web\n {4}~ spec\.replicas: 5 → 2/,
    );
    t.regex((await portolan(['tree', 'hello', ...place])).out, /Deployment web .*differs in 1 field/);
    const json = JSON.parse((await portolan(['drift', '-o', 'json'])).out) as { name: string }[];
    t.deepEqual(
      json.map(({ name }) => name),
      ['web'],
    );
  },
);

test.serial('describe begins with what is not well', async (t) => {
  const broken = await portolan(['deploy', '-f', '-', ...place], { input: app('example.com/does-not-exist:1') });
  t.is(broken.code, 0, broken.err);
  // The object is told of first, and the instance by what its controller makes of that a moment later.
  await eventually(
    async () => {
      const { out } = await portolan(['describe', 'hello', ...place]);
      const isTold = [
        /Health: +Degraded \(not ready for \w+\): .*example\.com\/does-not-exist:1.* cannot be pulled/,
        /Not well:\n {2}OBJECT .*\n {2}Deployment\/\S+\/web +web +✘ Degraded/,
      ].every((words) => words.test(out));
      if (!isTold) throw new Error(out);
    },
    { timeoutMs: 60_000 },
  );
  t.pass();
});
