import anyTest, { type TestFn } from 'ava';
import { startTestServer, type TestServer } from '../helpers/server.js';
import { runPortolan } from './run-portolan.js';

const test = anyTest as TestFn<{ server: TestServer }>;

test.before(async (t) => {
  t.timeout(60_000);
  t.context.server = await startTestServer(null);
});
test.after.always((t) => t.context.server?.close());

const input = (documents: readonly string[]) => ({ input: documents.join('\n---\n') });

test('a token is printed alone and once, says who one is, and is worth nothing when it is revoked', async (t) => {
  const { server } = t.context;
  const run = (...args: string[]) => runPortolan(server, args);
  await runPortolan(server, ['apply', '-f', '-'], input(['kind: Project\nname: team-a\nspec: {}']));
  const made = await run('token', 'create', 'ann', '--role', 'developer', '--project', 'team-a');
  t.is(made.code, 0, made.err);
  t.regex(made.out, /^[\w-]{43}\n$/);
  t.regex(made.err, /Token of ann \(developer in team-a\)\. It is told this once:/);

  const developer = { ...server, operatorToken: made.out.trim() };
  t.regex((await runPortolan(developer, ['status'])).out, /Logged in as: +ann \(developer in team-a\)/);
  const refused = await runPortolan(developer, ['env', 'create', 'dev', '--project', 'team-a']);
  t.not(refused.code, 0);
  t.regex(refused.err, /The kind Environment is the platform's to write/);

  const listed = await run('token', 'list');
  const [, id = ''] = /^ann +developer +team-a +\S+ +([0-9a-f-]{36})/m.exec(listed.out) ?? [];
  t.is((await run('token', 'revoke', id)).out, 'The token of ann (developer in team-a) is revoked.\n');
});

test('refresh takes over what a definition says that asks for approval', async (t) => {
  const { server } = t.context;
  const definition = (storageGb: number) =>
    `kind: DatabaseDefinition\nname: careful\nspec: { changes: approval, defaults: { engine: postgres, storageGb: ${storageGb} } }`;
  const apply = (...documents: string[]) => runPortolan(server, ['apply', '-f', '-'], input(documents));
  const made = await apply(
    'kind: Environment\nname: refreshed\nspec: {}',
    definition(20),
    'kind: Database\nname: db\nenvironment: refreshed\nspec: { definition: careful }',
  );
  t.is(made.code, 0, made.err);
  await apply(definition(30));
  const storage = async () =>
    JSON.parse((await runPortolan(server, ['get', 'database', 'db', '-o', 'json'])).out).spec.storageGb;
  t.is(await storage(), 20);
  t.is((await runPortolan(server, ['refresh', 'database', 'db'])).out, 'Database db  updated\n');
  t.is(await storage(), 30);
});
