import { resolve } from 'node:path';
import anyTest, { type TestFn } from 'ava';
import { parseAllDocuments } from 'yaml';
import { startTestServer, type TestServer } from '../helpers/server.js';
import { runPortolan } from './run-portolan.js';

const test = anyTest as TestFn<{ server: TestServer }>;

test.before(async (t) => {
  const server = await startTestServer(null);
  t.context = { server };
  await must(
    server,
    ['apply', '-f', '-'],
    'kind: KubernetesRuntime\nname: sandbox\nspec: { provider: sandbox, default: true }\n',
  );
  await must(server, ['apply', '-f', '-'], 'kind: Project\nname: cloud\nspec: {}\n');
  for (const { example, environment, place } of [
    { example: 'shop', environment: 'environment.yaml', place: [] },
    { example: 'blog', environment: 'environment.yaml', place: [] },
    // From nothing: its runtime is made on demand.
    { example: 'wordpress', environment: 'platform.yaml', place: ['-p', 'cloud'] },
  ]) {
    const files = [environment, 'app.yaml'].flatMap((file) => ['-f', resolve('examples', example, file)]);
    await must(server, ['apply', ...files, ...place]);
    await must(server, ['deploy', example, '--env', 'dev', ...place]);
  }
});
test.after.always((t) => t.context.server?.close());

async function must(server: TestServer, args: readonly string[], input = ''): Promise<string> {
  const { code, out, err } = await runPortolan(server, args, { input });
  if (code !== 0) throw new Error(`portolan ${args.join(' ')}: ${err}`);
  return out;
}

type Document = { readonly kind: string; readonly name: string; readonly spec: Readonly<Record<string, unknown>> };
const documentsOf = (text: string): readonly Document[] => parseAllDocuments(text).map((document) => document.toJS());

/** Names and whole specs of all that a plane has, but for what differs from plane to plane: ids, and names made of them. */
async function everything(server: TestServer): Promise<readonly string[]> {
  const { data } = await server.query<{ resources: { nodes: readonly object[]; totalCount: number } }>(
    '{ resources(first: 500) { totalCount nodes { kind name project { name } environment { name } owner { kind name } labels document } } }',
  );
  const { nodes = [], totalCount = 0 } = data?.resources ?? {};
  if (nodes.length < totalCount || totalCount === 0) throw new Error(`${nodes.length} of ${totalCount} were read.`);
  const plain = (node: object) =>
    JSON.stringify(node)
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
      .replaceAll(/-[0-9a-f]{10}\b/g, '-ID');
  return nodes.map(plain).sort();
}

test.serial('what is exported of a whole plane applies back with no change at all', async (t) => {
  const { server } = t.context;
  const exported = await must(server, ['export']);
  const applied = await must(server, ['apply', '-f', '-'], exported);
  t.deepEqual(
    applied.split('\n').filter((line) => line !== '' && !line.endsWith('  unchanged')),
    [],
    exported,
  );
  const byAnother = await must(server, ['apply', '-f', '-', '--manager', 'ci'], exported);
  t.notRegex(byAnother, / {2}(created|updated)$/m, 'whoever states it again');
  await must(server, ['plan', '-f', '-', '--detailed-exitcode'], exported);
  t.is(await must(server, ['export']), exported, 'and is the same the next time');
});

test.serial(
  'only what people stated is exported: not what a deployment fills in, nor what an app instance owns',
  async (t) => {
    const documents = documentsOf(await must(t.context.server, ['export']));
    const instance = documents.find(({ kind, name }) => kind === 'AppInstance' && name === 'shop');
    t.deepEqual(instance?.spec, { app: 'shop' });
    t.false(documents.some(({ kind }) => kind === 'Workload'));
    const kinds = documents.map(({ kind }) => kind);
    t.true(kinds.indexOf('Project') < kinds.indexOf('Tier') && kinds.indexOf('Tier') < kinds.indexOf('Environment'));
    t.true(kinds.indexOf('Environment') < kinds.indexOf('AppInstance'));
  },
);

test.serial('a fresh plane asks for secrets by name, and has the same once it was given them', async (t) => {
  const exported = await must(t.context.server, ['export']);
  const fresh = await startTestServer(t);
  const refused = await runPortolan(fresh, ['apply', '-f', '-'], { input: exported });
  t.is(refused.code, 2);
  t.regex(
    refused.err,
    /standard input:\d+:\d+: App blog: components\/database\/objects\/Secret\/wordpress-database\/stringData\/password, .* are secrets whose values are not on this plane.*Write the value in the place of \$secret/s,
  );
  t.is(await must(fresh, ['get', 'apps', '-o', 'name']), '', 'nothing was half done');
  const given = exported.replaceAll(/\$secret:\n +id: .*\n +version: .*/g, 'given');
  t.not(given, exported);
  const values = given.replaceAll(/(\S+):\n +given$/gm, '$1: the-value');
  await must(fresh, ['apply', '-f', '-'], values);
  t.deepEqual(await everything(fresh), await everything(t.context.server), 'all of it, owned and on demand too');
  const hidden = (text: string) => text.replaceAll(/id: [0-9a-f-]{36}/g, 'id: ID');
  t.is(hidden(await must(fresh, ['export'])), hidden(exported));
});

test.serial('what one needs comes along, and nothing else', async (t) => {
  const { server } = t.context;
  const alone = documentsOf(await must(server, ['export', 'appinstance', 'shop', '-e', 'dev']));
  t.deepEqual(
    alone.map(({ kind, name }) => `${kind} ${name}`),
    ['AppInstance shop'],
  );
  const all = documentsOf(await must(server, ['export', 'appinstance', 'shop', '-e', 'dev', '--with-dependencies']));
  t.deepEqual(
    all.map(({ kind, name }) => `${kind} ${name}`),
    ['Project default', 'App shop', 'Tier dev', 'Environment dev', 'KubernetesRuntime sandbox', 'AppInstance shop'],
  );
  const labelled = await runPortolan(server, ['export', 'apps', '-l', 'team=nobody']);
  t.is(labelled.out, '');
  t.regex(labelled.err, /There is nothing to export/);
});
