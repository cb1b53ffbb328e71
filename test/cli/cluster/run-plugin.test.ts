import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type ExecPlugin, readExecPlugin } from '../../../cli/cluster/exec-plugin.js';
import { type RunPluginOptions, runPlugin } from '../../../cli/cluster/run-plugin.js';
import { NotHealthyError, TimedOutError } from '../../../cli/errors.js';
import { isAlive } from '../../../cli/process/plane-file.js';
import { assert } from '../../../lib/assert.js';
import { createManualClock, systemClock } from '../../../lib/clock.js';
import { BadInputError } from '../../../lib/errors.js';
import { eventually } from '../../helpers/eventually.js';

const v1 = 'client.authentication.k8s.io/v1';
const v1beta1 = 'client.authentication.k8s.io/v1beta1';
const access = { server: 'https://203.0.113.7:6443', certificateAuthority: 'PEM', tlsServerName: 'kubernetes' };
const printing = (status: object, apiVersion = v1) =>
  `echo '${JSON.stringify({ apiVersion, kind: 'ExecCredential', status })}'`;

for (const apiVersion of [v1, v1beta1]) {
  test(`a program of ${apiVersion} gives a token, and gets its arguments and variables`, async (t) => {
    const plugin = await pluginOf(t, `echo "$1 $FLAVOUR $HOME_LIKE" >seen; ${printing({ token: 'abc' }, apiVersion)}`, {
      apiVersion,
      args: ['--cluster=prod'],
      env: { FLAVOUR: 'sweet' },
    });
    const environment = { ...process.env, FLAVOUR: 'sour', HOME_LIKE: 'kept' };
    t.deepEqual(await run(plugin, { environment }), { token: 'abc' });
    t.is(await readFile(join(plugin.folder, 'seen'), 'utf8'), '--cluster=prod sweet kept\n');
  });
}

test('a program may give a certificate with its key', async (t) => {
  const status = { clientCertificateData: 'CERT', clientKeyData: 'KEY' };
  t.deepEqual(await run(await pluginOf(t, printing(status))), { clientCertificate: 'CERT', clientKey: 'KEY' });
});

test('a program that wants to know the cluster is told, with what the kubeconfig keeps for it', async (t) => {
  const tells = `echo "$KUBERNETES_EXEC_INFO" >seen; ${printing({ token: 'abc' })}`;
  const plugin = await pluginOf(t, tells, { providesClusterInfo: true, clusterConfig: { audience: 'me' } });
  await run(plugin);
  t.deepEqual(JSON.parse(await readFile(join(plugin.folder, 'seen'), 'utf8')), {
    apiVersion: v1,
    kind: 'ExecCredential',
    spec: {
      cluster: {
        server: access.server,
        'tls-server-name': 'kubernetes',
        'certificate-authority-data': Buffer.from('PEM').toString('base64'),
        config: { audience: 'me' },
      },
      interactive: false,
    },
  });
});

test('a program that does not ask for the cluster is not told of it', async (t) => {
  const plugin = await pluginOf(t, `echo "$KUBERNETES_EXEC_INFO" >seen; ${printing({ token: 'abc' })}`);
  await run(plugin);
  t.deepEqual(JSON.parse(await readFile(join(plugin.folder, 'seen'), 'utf8')).spec, { interactive: false });
});

test('a command with a slash counts from the folder of the kubeconfig', async (t) => {
  const { folder, ...plugin } = await pluginOf(t, printing({ token: 'abc' }));
  const command = `./${basename(plugin.command)}`;
  t.deepEqual(await run({ ...plugin, command, folder }, { folder }), { token: 'abc' });
});

test('a program that fails is told with its own words and the hint of the kubeconfig', async (t) => {
  const plugin = await pluginOf(t, 'echo "Your session has expired." >&2; echo canary; exit 3', {
    installHint: 'Log in with: cloud login',
  });
  const error = await t.throwsAsync(run(plugin), { instanceOf: NotHealthyError });
  t.regex(
    error?.message ?? '',
    /which user me of the kubeconfig logs in through, ended with exit code 3: Your session has expired\.$/,
  );
  t.is(error?.next, 'Log in with: cloud login');
  t.false(error?.message.includes('canary'));
});

test('a program that is not there is said with how to install it', async (t) => {
  const plugin = { ...(await pluginOf(t, '')), command: 'no-such-login-program', installHint: 'brew install it' };
  const message = /is not on this machine(, or you may not run it)?\.$/;
  const error = await t.throwsAsync(run(plugin), { instanceOf: NotHealthyError, message });
  t.is(error?.next, 'brew install it');
});

for (const [title, script, message] of [
  ['no JSON', 'echo canary-token', /printed no ExecCredential/],
  [
    'another version',
    printing({ token: 'canary-token' }, v1beta1),
    /printed one of .*v1beta1, and the kubeconfig says .*v1\.$/,
  ],
  ['no credential', printing({ clientKeyData: 'canary-token' }), /printed neither a token nor a certificate/],
] as const) {
  test(`a program that prints ${title} is refused, without what it printed`, async (t) => {
    const error = await t.throwsAsync(run(await pluginOf(t, script)), { instanceOf: NotHealthyError, message });
    t.false(JSON.stringify([error?.message, error?.cause, error?.next]).includes('canary'));
  });
}

test('a program that does not end is ended at the time limit, and so is what it waits for', async (t) => {
  const clock = createManualClock();
  const plugin = await pluginOf(t, 'echo "Waiting for the browser" >&2; sleep 600 & echo $! >seen; wait');
  const running = run(plugin, { clock, timeoutMs: 60_000 });
  const failed = t.throwsAsync(running, {
    instanceOf: TimedOutError,
    message: /did not end within 60 s: Waiting for the browser\.$/,
  });
  const pid = await eventually(
    async () => {
      const text = await readFile(join(plugin.folder, 'seen'), 'utf8');
      if (text.trim() === '') throw new Error('It has not begun.');
      return Number(text);
    },
    { timeoutMs: 10_000 },
  );
  clock.step(60_000);
  await failed;
  await eventually(() => assert(!isAlive(pid), `What it started, ${pid}, goes on.`), { timeoutMs: 10_000 });
});

test('a program that must ask a person is refused where there is none', async (t) => {
  const plugin = await pluginOf(t, printing({ token: 'abc' }), { interactiveMode: 'Always' });
  await t.throwsAsync(run(plugin), { instanceOf: NotHealthyError, message: /there is no terminal here/ });
});

const settings = { apiVersion: v1, command: 'aws', interactiveMode: 'Never' };
for (const [title, changed, message] of [
  ['no command', { command: '' }, /exec\.command .* is missing/],
  ['the version that is gone', { apiVersion: 'client.authentication.k8s.io/v1alpha1' }, /exec\.apiVersion .*v1alpha1/],
  ['no interactiveMode in v1', { interactiveMode: undefined }, /exec\.interactiveMode .* is missing/],
  ['args that are no texts', { args: [1] }, /exec\.args/],
  ['variables without a name', { env: [{ value: 'a' }] }, /exec\.env/],
] as const) {
  test(`a kubeconfig with ${title} is refused by the name of the field`, (t) => {
    const exec = { userName: 'me', settings: { ...settings, ...changed }, clusterConfig: null };
    t.throws(() => readExecPlugin(exec), { instanceOf: BadInputError, message });
  });
}

test('v1beta1 may leave out whether a person is asked, and then one is where there is one', (t) => {
  const exec = { userName: 'me', settings: { apiVersion: v1beta1, command: 'aws' }, clusterConfig: null };
  t.is(readExecPlugin(exec).interactiveMode, 'IfAvailable');
});

type PluginInFolder = ExecPlugin & { readonly folder: string };

/** A real script as the program, in a folder of its own, in which it runs. */
async function pluginOf(t: ExecutionContext, script: string, given: Partial<ExecPlugin> = {}): Promise<PluginInFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'portolan-plugin-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const command = join(folder, 'log-in');
  await writeFile(command, `#!/bin/sh\ncd '${folder}'\n${script}\n`);
  await chmod(command, 0o700);
  const defaults = { args: [], env: {}, installHint: '', providesClusterInfo: false, clusterConfig: null };
  return { userName: 'me', apiVersion: v1, command, interactiveMode: 'Never', ...defaults, ...given, folder };
}

function run(plugin: PluginInFolder, given: Partial<RunPluginOptions> = {}) {
  return runPlugin(plugin, {
    access,
    folder: plugin.folder,
    environment: process.env,
    isInteractive: false,
    clock: systemClock,
    signal: new AbortController().signal,
    say: () => {},
    ...given,
  });
}
