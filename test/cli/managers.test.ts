import { PassThrough } from 'node:stream';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { runCli } from '../../cli/main.js';
import { systemClock } from '../../lib/clock.js';
import { startTestServer, type TestServer } from '../helpers/server.js';

const test = anyTest as TestFn<{ server: TestServer }>;

test.before(async (t) => {
  t.context = { server: await startTestServer(null) };
});
test.after.always((t) => t.context.server?.close());

async function portolan(t: ExecutionContext<{ server: TestServer }>, args: readonly string[], input = '') {
  const [out, err] = [[] as string[], [] as string[]];
  const { server } = t.context;
  const code = await runCli(args, {
    out: { isTTY: false, columns: 200, write: (text) => out.push(text) },
    err: { isTTY: false, write: (text) => err.push(text) },
    input: Object.assign(new PassThrough().end(input), { isTTY: false }) as unknown as NodeJS.ReadStream,
    environment: { PORTOLAN_URL: server.url, PORTOLAN_TOKEN: server.operatorToken, NO_COLOR: '1' },
    workingFolder: '.',
    clock: systemClock,
    signal: new AbortController().signal,
  });
  return { code, out: out.join(''), err: err.join('') };
}

const appFile = (name: string, image: string) => `kind: App
name: ${name}
spec:
  components:
    - name: web
      type: manifests
      objects:
        - apiVersion: apps/v1
          kind: Deployment
          metadata: { name: web }
          spec: { template: { spec: { containers: [{ name: web, image: ${image} }, { name: log, image: fluent:1 }] } } }
`;
const path = 'components[web].objects[Deployment/web].spec.template.spec.containers[web].image';
const kept = `kept: ${path} = nginx:2 (set by ci`;

test.serial(
  'CI sets an image, the file that states the old one is applied again: plan and apply say that it stays, and whose it is',
  async (t) => {
    const apply = (image: string, ...more: readonly string[]) =>
      portolan(t, ['apply', '-f', '-', ...more], appFile('shop', image));
    await apply('nginx:1');
    const set = await portolan(t, ['set', 'image', 'shop', 'web/web=nginx:2', '--manager', 'ci']);
    t.is(set.out, 'App shop  updated\n', set.err);

    const plan = await portolan(t, ['plan', '-f', '-'], appFile('shop', 'nginx:1'));
    t.true(plan.out.startsWith(`  = App shop\n      ${kept} at `), plan.out);
    t.true(plan.out.endsWith('your file says nginx:1\n\nNo changes.\n'));
    const again = await apply('nginx:1');
    t.is(again.code, 0);
    t.regex(again.out, /^App shop {2}unchanged\n {2}kept: .*, \d+s ago\); your file says nginx:1\n$/);
    t.true(again.out.includes(kept));

    const other = await apply('nginx:3');
    t.not(other.code, 0);
    t.true(
      other.err.includes(`${path} (set by ci to "nginx:2" since `) && other.err.includes('next: --take-over'),
      other.err,
    );
    t.is((await apply('nginx:3', '--take-over')).out, 'App shop  updated\n');
  },
);

test.serial('setting another image takes nothing back of what was set before', async (t) => {
  await portolan(t, ['apply', '-f', '-'], appFile('two', 'nginx:1'));
  await portolan(t, ['set', 'image', 'two', 'web/web=nginx:2']);
  await portolan(t, ['set', 'image', 'two', 'web/log=fluent:2']);
  const again = await portolan(t, ['apply', '-f', '-'], appFile('two', 'nginx:1'));
  t.regex(again.out, /nginx:2 \(set by ci.*\n.*fluent:2 \(set by ci/);
});

test.serial('a deployment of the file says as well what is kept, and ends well', async (t) => {
  await portolan(
    t,
    ['apply', '-f', '-'],
    'kind: KubernetesRuntime\nname: main\nspec: { provider: sandbox, default: true }\n---\nkind: Environment\nname: dev\nspec: {}\n',
  );
  await portolan(t, ['apply', '-f', '-'], appFile('deployed', 'nginx:1'));
  await portolan(t, ['set', 'image', 'deployed', 'web/web=nginx:2']);
  const { code, out } = await portolan(t, ['deploy', '-f', '-', '--env', 'dev'], appFile('deployed', 'nginx:1'));
  t.is(code, 0);
  t.true(out.includes(kept), out);
});

test.serial('origin tells which layer won a field, where it is stated and what it overrode', async (t) => {
  const files = `kind: Tier
name: gold
spec: { order: 5, defaults: [{ kind: Database, spec: { size: medium } }] }
---
kind: KubernetesRuntime
name: main
spec: { provider: sandbox, default: true }
---
kind: Environment
name: prod
spec: { tier: gold }
---
kind: DatabaseDefinition
name: standard
spec: { defaults: { engine: postgres, size: small } }
---
kind: App
name: told
spec:
  dependencies: [{ name: db, kind: Database, definition: standard }]
  components:
    - name: web
      type: manifests
      objects: [{ apiVersion: v1, kind: ConfigMap, metadata: { name: web }, data: { host: { $from: db.host }, image: a } }]
`;
  await portolan(t, ['apply', '-f', '-'], files);
  const deployed = await portolan(t, ['deploy', 'told', '--env', 'prod']);
  t.is(deployed.code, 0, deployed.err);
  const size = await portolan(t, ['origin', 'told', 'db.size', '--env', 'prod']);
  t.is(size.code, 0, size.err);
  t.deepEqual(
    size.out
      .replaceAll(/\d+s ago by operator, revision \d+/g, 'AGO')
      .trimEnd()
      .split('\n'),
    [
      'Database db',
      '  size = medium',
      '    from tier gold (Tier gold: defaults[Database].spec.size, set by cli, AGO)',
      '    over small of definition standard (DatabaseDefinition standard: defaults.size, set by cli, AGO)',
      '    over small of what always holds',
    ],
  );
  const host = await portolan(t, ['origin', 'told', 'web.host', '--env', 'prod']);
  t.regex(host.out, /data\.host = the output host of db\n {4}from the binding to db \(App told: components\[web\]\./);
  const tier = await portolan(t, ['origin', 'tier', 'gold', '.']);
  t.regex(tier.out, /^Tier gold\n {2}order = 5\n {4}from cli, \d+s ago by operator, revision \d+\n/);
  const json = JSON.parse((await portolan(t, ['origin', 'told', 'db.size', '-o', 'json'])).out);
  t.like(json[0], { path: 'size', value: 'medium', source: { kind: 'tier', name: 'gold' } });
  const wrong = await portolan(t, ['origin', 'told', 'db.sise']);
  t.not(wrong.code, 0);
  t.regex(wrong.err, /Database db has no field sise\. Did you mean "size"\?/);
});
