import test from 'ava';
import { eventually } from '../helpers/eventually.js';
import { type Answer, startTestServer } from '../helpers/server.js';

const apply =
  'mutation ($edits: [EditInput!]!) { apply(input: { edits: $edits }) { cursor edits { name result resourceId } } }';
const tier = (name: string, order = 1) => ({ op: 'CREATE', kind: 'Tier', name, spec: { order } });

interface Applied {
  readonly apply: { readonly cursor: string; readonly edits: readonly { readonly resourceId: string }[] };
}

test('reads what was written, in the words of the graph', async (t) => {
  const server = await startTestServer(t);
  const made = await server.query<Applied>(apply, { edits: [tier('dev')] });
  t.is(made.errors, undefined);
  const read = await server.query<{ resources: unknown; plane: { cursor: string }; me: unknown }>(
    '{ resources(filter: { kinds: ["Tier"] }) { nodes { kind name status { health } } totalCount } plane { cursor } me { name role } }',
  );
  t.deepEqual(read.data?.resources, {
    nodes: [{ kind: 'Tier', name: 'dev', status: { health: 'Healthy' } }],
    totalCount: 1,
  });
  t.deepEqual(read.data?.me, { name: 'operator', role: 'operator' });
});

test('gives each role its own mutations', async (t) => {
  const server = await startTestServer(t);
  const operator = 'mutation { registerController(input: { holder: "x", kinds: [], version: "1" }) { holder } }';
  t.is((await server.query(operator)).errors?.[0]?.extensions.code, 'FORBIDDEN');
  t.is(
    (await server.query(apply, { edits: [tier('dev')] }, server.controllerToken)).errors?.[0]?.extensions.code,
    'FORBIDDEN',
  );
  t.is((await server.query(operator, {}, server.controllerToken)).errors, undefined);
});

test('watches: first SYNC, then a wake for each kind that was asked for', async (t) => {
  const server = await startTestServer(t);
  const wakes = server.subscribe<{ watch: { type: string; kind: string | null; id: string | null } }>(
    'subscription { watch(kinds: ["Tier"]) { type kind id } }',
  );
  t.deepEqual((await wakes.next()).value?.data?.watch, { type: 'SYNC', kind: null, id: null });
  const environment = { op: 'CREATE', kind: 'Environment', name: 'dev', spec: {} };
  const made = await server.query<Applied>(apply, { edits: [environment, tier('dev')] });
  const id = made.data?.apply.edits[1]?.resourceId ?? '';
  t.deepEqual((await wakes.next()).value?.data?.watch, { type: 'CHANGED', kind: 'Tier', id });
  await wakes.return?.();
  t.deepEqual(await untilDetached(server), nobody);
});

test('tells the log from a cursor on, and nothing twice', async (t) => {
  const server = await startTestServer(t);
  const document =
    'subscription ($after: String, $filter: ResourceFilter) { changes(after: $after, filter: $filter) { type cursor revisions { op kind name } } }';
  interface Changes {
    readonly changes: {
      readonly type: string;
      readonly cursor: string;
      readonly revisions: readonly { readonly name: string }[];
    };
  }
  const filter = { kinds: ['Tier'] };
  const first = server.subscribe<Changes>(document, { filter });
  const sync = (await first.next()).value?.data?.changes;
  t.is(sync?.type, 'SYNC');
  await server.query(apply, { edits: [tier('one'), tier('two')] });
  await server.query(apply, { edits: [{ op: 'CREATE', kind: 'Environment', name: 'dev', spec: {} }] });
  await server.query(apply, { edits: [tier('three')] });
  const both = (await first.next()).value?.data?.changes;
  t.deepEqual(both?.revisions, [
    { op: 'created', kind: 'Tier', name: 'one' },
    { op: 'created', kind: 'Tier', name: 'two' },
  ]);
  const three = (await first.next()).value?.data?.changes;
  t.deepEqual(
    three?.revisions.map((revision: { readonly name: string }) => revision.name),
    ['three'],
  );
  await first.return?.();

  const resumed = server.subscribe<Changes>(document, { filter, after: both?.cursor });
  t.deepEqual((await resumed.next()).value?.data?.changes, three);
  await resumed.return?.();
  t.deepEqual(await untilDetached(server), nobody);
});

test('refuses cursors of another plane and what is no cursor', async (t) => {
  const server = await startTestServer(t);
  const codeAfter = async (after: string) => {
    const answers = server.subscribe('subscription ($after: String) { changes(after: $after) { type } }', { after });
    const { value } = await answers.next();
    await answers.return?.();
    return (value as Answer).errors?.[0]?.extensions.code;
  };
  t.is(await codeAfter('00000000-0000-4000-8000-000000000000:1'), 'CURSOR_EXPIRED');
  t.is(await codeAfter('no cursor'), 'CURSOR_EXPIRED');
  t.deepEqual(attached(server), nobody);
});

test('a plan may be as large as the mutation that it is a plan of, and other queries may not', async (t) => {
  const server = await startTestServer(t);
  const variables = { id: crypto.randomUUID(), app: { description: 'x'.repeat(2 * 1024 ** 2) } };
  const codeOf = async (document: string, token?: string) => {
    const { errors } = await server.query(document, variables, token);
    return errors?.[0]?.extensions.code;
  };
  const plan = 'query ($id: ID!, $app: JSON) { objectPlan(id: $id, app: $app) { unavailable } }';
  t.is(await codeOf(plan), 'NOT_FOUND');
  t.is(await codeOf(plan, server.controllerToken), 'FORBIDDEN');
  t.is(await codeOf('query ($id: ID!) { node(id: $id) { id } }'), 'LIMIT_EXCEEDED');
});

/** What is attached to the feed once the server has noticed that a socket is gone; at most 5 s later. */
function untilDetached(server: Watched) {
  return eventually(
    () => {
      const now = attached(server);
      if (now.watchers + now.readers + now.listeners > 0) throw new Error(`Still attached: ${JSON.stringify(now)}`);
      return now;
    },
    { timeoutMs: 5_000 },
  );
}

interface Watched {
  readonly feed: { stats(): typeof nobody };
}

const nobody = { watchers: 0, readers: 0, listeners: 0 };

function attached(server: Watched) {
  const { watchers, readers, listeners } = server.feed.stats();
  return { watchers, readers, listeners };
}
