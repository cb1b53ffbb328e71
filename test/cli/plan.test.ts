import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { runCli } from '../../cli/main.js';
import { systemClock } from '../../lib/clock.js';
import { startTestServer, type TestServer } from '../helpers/server.js';

const test = anyTest as TestFn<{ server: TestServer; folder: string }>;

test.before(async (t) => {
  t.context = { server: await startTestServer(null), folder: await mkdtemp(join(tmpdir(), 'portolan-plan-')) };
  const { code, err } = await portolan(t, ['apply', '-f', '-'], {
    input:
      'kind: KubernetesRuntime\nname: main\nspec: { provider: sandbox, default: true }\n---\nkind: Environment\nname: dev\nspec: {}\n',
  });
  t.is(code, 0, err);
});
test.after.always((t) => t.context.server?.close());

/** `answers`: what a person types at a terminal; left out: a script runs it. */
async function portolan(
  t: ExecutionContext<{ server: TestServer; folder: string }>,
  args: readonly string[],
  { input, answers }: { readonly input?: string; readonly answers?: readonly string[] } = {},
) {
  const [out, err] = [[] as string[], [] as string[]];
  const isTTY = answers !== undefined;
  const keys = Object.assign(new PassThrough(), { isTTY });
  keys.end(isTTY ? answers.map((line) => `${line}\n`).join('') : (input ?? ''));
  const { server, folder } = t.context;
  const code = await runCli(args, {
    out: { isTTY, columns: 200, write: (text) => out.push(text) },
    err: { isTTY, write: (text) => err.push(text) },
    input: keys as unknown as NodeJS.ReadStream,
    environment: { PORTOLAN_URL: server.url, PORTOLAN_TOKEN: server.operatorToken, NO_COLOR: '1' },
    workingFolder: folder,
    clock: systemClock,
    signal: new AbortController().signal,
  });
  return { code, out: out.join(''), err: err.join('') };
}

const wavesOf = (text: string) => text.split(/^(?=Wave )/m);

const appFile = (name: string, text = 'world') => `kind: App
name: ${name}
spec:
  parameters: [{ name: size, type: int, default: 1 }]
  components:
    - name: web
      type: manifests
      objects: [{ apiVersion: v1, kind: ConfigMap, metadata: { name: hello }, data: { hello: ${text} } }]
`;

test('plan shows an app file with its deployment, and finds nothing to do once it is deployed', async (t) => {
  const { folder } = t.context;
  await writeFile(join(folder, 'shop.yaml'), appFile('shop'));
  const file = ['-f', 'shop.yaml', '--env', 'dev'];
  const first = await portolan(t, ['plan', ...file]);
  t.is(first.code, 0, first.err);
  t.regex(first.out, /^Wave 1 of 3\n {2}\+ App shop\n/);
  t.regex(first.out, /\+ Workload web of AppInstance shop in dev\n/);
  t.true(first.out.endsWith('Plan: 4 to create, 0 to change, 0 to delete.\n'));
  t.is((await portolan(t, ['plan', ...file, '--detailed-exitcode'])).code, 2);

  t.is((await portolan(t, ['deploy', ...file])).code, 0);
  t.is((await portolan(t, ['plan', ...file])).out, 'No changes.\n');
  t.is((await portolan(t, ['plan', ...file, '--detailed-exitcode'])).code, 0);
  const json = JSON.parse((await portolan(t, ['plan', ...file, '-o', 'json'])).out);
  t.like(json, { summary: 'No changes.', hasChanges: false, isRefused: false, counts: { create: 0, none: 2 } });
  t.is((await portolan(t, ['plan', 'shop', '--env', 'dev'])).out, 'No changes.\n');

  const changed = await portolan(t, ['plan', '-f', '-', '--env', 'dev', '-o', 'markdown'], {
    input: appFile('shop', 'you'),
  });
  t.regex(changed.out, /^### Plan: 0 to create, 4 to change, 0 to delete\.\n/);
  t.regex(changed.out, /^! spec\.components.*hello: world → you$/m);
});

test('parameters of an app are set by name, each as the type that the app declares', async (t) => {
  t.is((await portolan(t, ['apply', '-f', '-'], { input: appFile('sized') })).code, 0);
  const args = ['sized', '--env', 'dev', '--set', 'size=3'];
  const planned = await portolan(t, ['plan', ...args]);
  t.regex(planned.out, /\+ spec\.parameters\.size: 3\n/, planned.err);
  t.is((await portolan(t, ['deploy', ...args])).code, 0);
  t.is((await portolan(t, ['plan', ...args])).out, 'No changes.\n');
  const wrong = await portolan(t, ['deploy', 'sized', '--env', 'dev', '--set', 'size=large']);
  t.is(wrong.code, 2);
  t.regex(wrong.err, /--set size=large: size is a whole number\./);
  t.is((await portolan(t, ['deploy', 'sized', '--env', 'dev', '--set', 'size'])).code, 2);
  const unknown = await portolan(t, ['plan', 'sized', '--env', 'dev', '--set', 'colour=red']);
  t.is(unknown.code, 2, unknown.out);
  t.regex(unknown.err + unknown.out, /colour/);
});

test('what a guardrail forbids is shown with its rule, and exits with 2', async (t) => {
  const input = `kind: DatabaseDefinition
name: small
spec: { defaults: { engine: postgres }, guardrails: { maxima: [{ path: storageGb, maximum: 100 }] } }
---
kind: Database
name: huge
environment: dev
spec: { definition: small, storageGb: 500 }
`;
  const { code, out, err } = await portolan(t, ['plan', '-f', '-'], { input });
  t.is(code, 2, err);
  t.regex(out, / {2}\+ DatabaseDefinition small\n/);
  t.regex(
    out,
    /! Database huge: storageGb is 500, and at most 100 is allowed\. The rule is `maxima` of DatabaseDefinition small/,
  );
  t.true(out.endsWith('It would be refused.\n'));
});

test('from nothing to an app with all that it depends on is one plan, and then there is nothing to do', async (t) => {
  const example = new URL('../../../examples/wordpress/', import.meta.url).pathname;
  const place = ['--project', 'scratch'];
  t.is((await portolan(t, ['apply', '-f', '-'], { input: 'kind: Project\nname: scratch\nspec: {}\n' })).code, 0);
  const made = await portolan(t, ['apply', '-f', join(example, 'platform.yaml'), ...place]);
  t.is(made.code, 0, made.err);
  const app = ['-f', join(example, 'app.yaml'), '--env', 'dev', ...place];
  const plan = await portolan(t, ['plan', ...app]);
  t.is(plan.code, 0, plan.err);
  const waveOf = (title: string) =>
    Number(/^Wave (\d+)/.exec(wavesOf(plan.out).find((text) => text.includes(title)) ?? '')?.[1]);
  const order = [
    '+ Network dev',
    '+ CloudCluster dev',
    '+ NodeGroup dev',
    '+ KubernetesRuntime dev',
    '+ Workload wordpress of AppInstance wordpress',
    '+ Gateway gateway of AppInstance wordpress',
    '+ AppInstance wordpress',
  ].map(waveOf);
  t.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
    plan.out,
  );
  t.is(new Set(order).size, order.length);
  t.is((await portolan(t, ['deploy', ...app])).code, 0);
  t.is((await portolan(t, ['plan', ...app])).out, 'No changes.\n');
  const deletion = await portolan(t, ['delete', 'appinstance', 'wordpress', '--env', 'dev', ...place, '--plan']);
  t.regex(deletion.out, /- KubernetesRuntime dev .*- Network dev /s, 'the last one out takes the cluster along');
});

test('an error of a plan exits with 1 where 2 means changes, and as ever elsewhere', async (t) => {
  const input = 'kind: Environment\nname: lost\nspec: { tier: missing }\n';
  const answer = await portolan(t, ['plan', '-f', '-', '--detailed-exitcode'], { input });
  t.is(answer.code, 1);
  t.regex(answer.err, /There is no Tier missing/);
  t.is((await portolan(t, ['plan', '-f', '-'], { input })).code, 3);
  t.is((await portolan(t, ['plan'])).code, 2);
});

test('a saved plan is applied as it was seen, once, and is readable for its owner only', async (t) => {
  const { folder } = t.context;
  const input = 'kind: Environment\nname: saved\nspec: { description: one }\n';
  const planned = await portolan(t, ['plan', '-f', '-', '--out', 'saved.plan'], { input });
  t.is(planned.code, 0, planned.err);
  t.regex(planned.err, /portolan apply --plan saved\.plan/);
  t.is((await stat(join(folder, 'saved.plan'))).mode & 0o777, 0o600);
  t.like(JSON.parse(await readFile(join(folder, 'saved.plan'), 'utf8')), { format: 'portolan-plan/1' });
  const applied = await portolan(t, ['apply', '--plan', 'saved.plan']);
  t.is(applied.out, 'Environment saved  created\n', applied.err);
  const again = await portolan(t, ['apply', '--plan', 'saved.plan']);
  t.is(again.code, 4);
  t.regex(again.err, /no longer the same.*Environment saved appeared/s);
  t.regex(again.err, /next: portolan plan/);
  t.is((await portolan(t, ['apply', '--plan', 'missing.plan'])).code, 2);
});

test('apply and deploy are held to the hash of a plan', async (t) => {
  const { folder } = t.context;
  await writeFile(join(folder, 'held.yaml'), appFile('held'));
  const args = ['-f', 'held.yaml', '--env', 'dev'];
  const { hash } = JSON.parse((await portolan(t, ['plan', ...args, '-o', 'json'])).out);
  const stale = await portolan(t, ['deploy', ...args, '--plan-hash', 'f'.repeat(64)]);
  t.is(stale.code, 4, stale.out);
  const held = await portolan(t, ['deploy', ...args, '--plan-hash', hash]);
  t.is(held.code, 0, held.err);
});

test('at a terminal apply shows the plan and asks; no means that nothing is changed', async (t) => {
  const { folder } = t.context;
  await writeFile(join(folder, 'asked.yaml'), 'kind: Environment\nname: asked\nspec: {}\n');
  const args = ['apply', '-f', 'asked.yaml'];
  const no = await portolan(t, args, { answers: ['n'] });
  t.is(no.code, 130);
  t.regex(no.out, / {2}\+ Environment asked\n\nPlan: 1 to create/);
  t.regex(no.err, /Apply this\? \[y\/N\] .*Nothing was changed\./s);
  t.is(
    (await portolan(t, ['plan', '-f', 'asked.yaml'])).out.split('\n').at(-2),
    'Plan: 1 to create, 0 to change, 0 to delete.',
  );
  const yes = await portolan(t, args, { answers: ['y'] });
  t.is(yes.code, 0, yes.err);
  t.regex(yes.out, /Environment asked {2}created\n$/);
  const nothing = await portolan(t, args, { answers: [] });
  t.is(nothing.out, 'No changes.\nEnvironment asked  unchanged\n');
  t.is((await portolan(t, [...args, '--yes'], { answers: [] })).out, 'Environment asked  unchanged\n');
});

test('a deletion is planned with its order and what is in the way, and asked about with both', async (t) => {
  const files =
    'kind: Tier\nname: gold\nspec: { order: 5 }\n---\nkind: Environment\nname: vault\nspec: { tier: gold }\n';
  t.is((await portolan(t, ['apply', '-f', '-'], { input: files })).code, 0);
  const blocked = await portolan(t, ['plan', 'delete', 'tier', 'gold']);
  t.is(blocked.code, 4);
  t.regex(blocked.out, / {2}- Tier gold\n {6}in the way: Environment vault/);
  t.is((await portolan(t, ['delete', 'tier', 'gold', '--dry-run', '--detailed-exitcode'])).code, 1);

  const input = appFile('going');
  t.is((await portolan(t, ['deploy', '-f', '-', '--env', 'vault'], { input })).code, 0);
  const order = await portolan(t, ['delete', 'appinstance', 'going', '--env', 'vault', '--plan']);
  t.is(order.code, 0, order.err);
  t.regex(
    order.out,
    /^Wave 1 of 3\n {2}- Workload web .*\n\nWave 2 of 3\n {2}- Workload namespace .*\n\nWave 3 of 3\n {2}- AppInstance going in vault\n/,
  );
  const kept = await portolan(t, ['delete', 'appinstance', 'going', '--env', 'vault'], { answers: ['no'] });
  t.is(kept.code, 130);
  t.regex(kept.out, /Plan: 0 to create, 0 to change, 3 to delete\./);
  t.regex(kept.err, /Delete AppInstance going in vault and all that it owns\? \[y\/N\] .*Nothing was deleted\./s);
});
