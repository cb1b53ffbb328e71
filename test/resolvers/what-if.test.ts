import anyTest, { type TestFn } from 'ava';
import { configMap, makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { type Answer, startTestServer, type TestServer } from '../helpers/server.js';

const test = anyTest as TestFn<{ server: TestServer; ids: Readonly<Record<string, string>> }>;
const operator = { principalId: crypto.randomUUID(), name: 'operator', role: 'operator' } as const;

test.before(async (t) => {
  const server = await startTestServer(null);
  const components = [
    { name: 'web', type: 'manifests', objects: [configMap('hello', { host: { $from: 'db.host' } })] },
  ];
  const shared = { kind: 'Database', name: 'shared', scope: 'environment' };
  await server.store.commit(
    makeChangeset([
      makeEdit.runtime('local', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      { ...makeEdit.tier('cloud', { spec: { provider: 'sandbox' } }), kind: 'CloudAccount' },
      {
        ...makeEdit.tier('shared', {
          environment: 'dev',
          spec: { account: 'cloud', location: 'local', engine: 'postgres', size: 'small', storageGb: 20 },
        }),
        kind: 'Database',
      },
      makeEdit.app('shop', { spec: { components, dependencies: [{ name: 'db', kind: 'Database', shared }] } }),
      makeEdit.instance('shop', 'dev'),
    ]),
    operator,
  );
  const { data } = await server.query<{ resources: { nodes: { id: string; kind: string; name: string }[] } }>(
    '{ resources(first: 100) { nodes { id kind name } } }',
  );
  const ids = Object.fromEntries(data?.resources.nodes.map(({ id, kind, name }) => [`${kind}/${name}`, id]) ?? []);
  t.context = { server, ids };
});
test.after.always((t) => t.context.server?.close());

interface WhatIf {
  readonly isRefused: boolean;
  readonly effects: readonly {
    readonly effect: string;
    readonly resource: { readonly kind: string; readonly name: string };
    readonly lost: readonly { readonly output: string; readonly place: string }[];
  }[];
}
const fields = '{ isRefused effects { effect resource { kind name } lost { output place } } counts { app blocks } }';
const whatIf = `($remove: [ID!]!) { whatIf(remove: $remove) ${fields} }`;
const told = ({ effects }: WhatIf) =>
  effects.map(({ effect, resource: { kind, name } }) => `${effect} ${kind}/${name}`);

test('a database that is shared is needed by who takes its outputs, and its account by both', async (t) => {
  const { server, ids } = t.context;
  const ask = async (key: string) => {
    const { data, errors } = await server.query<{ whatIf: WhatIf }>(`query ${whatIf}`, { remove: [ids[key]] });
    if (!data) throw new Error(JSON.stringify(errors));
    return data.whatIf;
  };
  const database = await ask('Database/shared');
  t.true(database.isRefused);
  t.deepEqual(told(database), ['BLOCKS Workload/web', 'BREAKS AppInstance/shop']);
  t.deepEqual(database.effects[0]?.lost, [{ output: 'host', place: 'ConfigMap/hello data.host' }]);
  t.deepEqual(told(await ask('CloudAccount/cloud')), [
    'BLOCKS Database/shared',
    'BREAKS AppInstance/shop',
    'BREAKS Workload/web',
  ]);
  const shop = await ask('AppInstance/shop');
  t.false(shop.isRefused);
  t.deepEqual(told(shop), ['DELETED Workload/namespace', 'DELETED Workload/web']);
});

test('the live form answers again when somebody new needs it', async (t) => {
  const { server, ids } = t.context;
  const answers = server.subscribe<{ whatIf: WhatIf }>(`subscription ${whatIf}`, { remove: [ids['App/shop']] });
  const next = async () => {
    const { data } = (await answers.next()).value as Answer<{ whatIf: WhatIf }>;
    return data && told(data.whatIf);
  };
  t.deepEqual(await next(), ['BLOCKS AppInstance/shop']);
  const other = makeEdit.instance('shop', 'dev', { name: 'other', spec: { app: 'shop' } });
  await server.store.commit(makeChangeset([other]), operator);
  t.deepEqual(await next(), ['BLOCKS AppInstance/other', 'BLOCKS AppInstance/shop']);
  await answers.return?.();
});

test('what is not there is NOT_FOUND, and too many are refused', async (t) => {
  const { server } = t.context;
  const code = async (remove: readonly string[]) =>
    (await server.query(`query ${whatIf}`, { remove })).errors?.[0]?.extensions.code;
  t.is(await code([crypto.randomUUID()]), 'NOT_FOUND');
  t.is(await code(Array.from({ length: 51 }, () => crypto.randomUUID())), 'LIMIT_EXCEEDED');
  t.is(await code(['shop']), 'BAD_USER_INPUT');
});
