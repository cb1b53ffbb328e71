import anyTest, { type TestFn } from 'ava';
import type { Actor, Fence, ObjectRow } from '../../db/contract.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { type Answer, startTestServer, type TestServer } from '../helpers/server.js';

interface World {
  readonly server: TestServer;
  /** Ids by `Kind/name`. */
  readonly ids: Readonly<Record<string, string>>;
  readonly fence: Fence;
}
const test = anyTest as TestFn<World>;

const operator: Actor = { principalId: crypto.randomUUID(), name: 'operator', role: 'operator' };
const controller: Actor = { principalId: crypto.randomUUID(), name: 'controller', role: 'controller' };

test.beforeEach(async (t) => {
  const server = await startTestServer(null);
  t.context = { server, ids: {}, fence: { holder: '', epoch: 0 } };
  await server.store.commit(
    makeChangeset([
      makeEdit.runtime('local', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      makeEdit.app('shop'),
      makeEdit.instance('shop', 'dev'),
    ]),
    operator,
  );
  const { data } = await server.query<{ resources: { nodes: { id: string; kind: string; name: string }[] } }>(
    '{ resources(first: 100) { nodes { id kind name } } }',
  );
  const ids = Object.fromEntries(data?.resources.nodes.map(({ id, kind, name }) => [`${kind}/${name}`, id]) ?? []);
  const holder = 'test-controller';
  await server.store.registerController({ holder, kinds: ['Workload', 'KubernetesRuntime'], version: '1' }, controller);
  const keys = [`KubernetesRuntime/${ids['KubernetesRuntime/local']}`];
  const [lease] = (await server.store.acquireLeases({ holder, keys, ttlMs: 60_000 }, controller)).leases;
  t.context = { server, ids, fence: { holder, epoch: lease?.epoch ?? 0 } };
});

test.afterEach.always((t) => t.context.server?.close());

interface Tree {
  readonly resource: null | {
    readonly children: {
      readonly nodes: readonly {
        readonly name: string;
        readonly status: { readonly health: string };
        readonly objects: { readonly nodes: readonly unknown[] };
        readonly events: { readonly nodes: readonly unknown[] };
      }[];
    };
  };
}

const tree = `subscription { resource(kind: "AppInstance", name: "shop", environment: "dev") {
  children { nodes { name status { health } objects { nodes { name health } } events { nodes { reason count } } } } } }`;

test('a live tree answers again when the status, the objects or the events of a child change', async (t) => {
  const { server, ids, fence } = t.context;
  const answers = server.subscribe<Tree>(tree);
  const web = async () => (await nextOf(answers)).resource?.children.nodes.find((child) => child.name === 'web');
  t.deepEqual(await web(), {
    name: 'web',
    status: { health: 'Progressing' },
    objects: { nodes: [] },
    events: { nodes: [] },
  });

  const resourceId = ids['Workload/web'] ?? '';
  await server.store.reportObjects(
    { resourceId, fence, runtimeId: ids['KubernetesRuntime/local'] ?? '', objects: [object], absent: [] },
    controller,
  );
  t.deepEqual((await web())?.objects.nodes, [{ name: 'hello', health: 'Progressing' }]);

  await server.store.recordEvents(
    {
      resourceId,
      fence,
      source: 'test',
      events: [{ type: 'Warning', reason: 'Slow', message: 'It takes long.', object: '' }],
    },
    controller,
  );
  t.deepEqual((await web())?.events.nodes, [{ reason: 'Slow', count: 1 }]);

  await server.store.commit(makeChangeset([makeEdit.tier('unrelated')]), operator);
  await server.store.reportStatus(
    {
      resourceId,
      fence,
      observedGeneration: 1,
      statusVersion: 0,
      health: 'Degraded',
      conditions: [{ type: 'Ready', status: 'False', reason: 'CrashLoop', message: 'It ends again and again.' }],
      outputs: {},
      observed: {},
      consumed: [],
    },
    controller,
  );
  t.is((await web())?.status.health, 'Degraded', 'and not before: what is unrelated gives no answer');
  await answers.return?.();
});

test('a live tree answers when what it asks for comes to be, changes and goes', async (t) => {
  const { server } = t.context;
  const answers = server.subscribe<{ app: null | { name: string; releases: { number: number }[] } }>(
    'subscription { app(name: "later") { name releases { number } } }',
  );
  t.is((await nextOf(answers)).app, null);
  await server.store.commit(makeChangeset([makeEdit.app('later')]), operator);
  t.deepEqual((await nextOf(answers)).app, { name: 'later', releases: [{ number: 1 }] });
  await server.store.commit(makeChangeset([makeEdit.delete(makeEdit.app('later'))]), operator);
  t.is((await nextOf(answers)).app, null);
  await answers.return?.();
});

test('live lists and counts answer for what joins and leaves them', async (t) => {
  const { server } = t.context;
  const answers = server.subscribe<{ tiers: { totalCount: number; nodes: { name: string }[] } }>(
    'subscription { tiers { totalCount nodes { name } } }',
  );
  t.is((await nextOf(answers)).tiers.totalCount, 0);
  await server.store.commit(makeChangeset([makeEdit.tier('one')]), operator);
  t.deepEqual((await nextOf(answers)).tiers, { totalCount: 1, nodes: [{ name: 'one' }] });
  await server.store.commit(makeChangeset([makeEdit.delete(makeEdit.tier('one'))]), operator);
  t.deepEqual((await nextOf(answers)).tiers, { totalCount: 0, nodes: [] });
  await answers.return?.();
});

test('live events and the live plane follow', async (t) => {
  const { server, ids, fence } = t.context;
  const events = server.subscribe<{ events: { nodes: unknown[] } }>('subscription { events { nodes { reason } } }');
  const plane = server.subscribe<{ plane: { cursor: string } }>('subscription { plane { cursor } }');
  t.deepEqual((await nextOf(events)).events.nodes, []);
  const before = (await nextOf(plane)).plane.cursor;
  const report = [{ type: 'Normal', reason: 'Pulled', message: 'The image is there.', object: '' }] as const;
  const resourceId = ids['Workload/web'] ?? '';
  await server.store.recordEvents({ resourceId, fence, source: 'test', events: report }, controller);
  t.deepEqual((await nextOf(events)).events.nodes, [{ reason: 'Pulled' }]);
  t.not((await nextOf(plane)).plane.cursor, before);
  await events.return?.();
  await plane.return?.();
});

test('a slow reader gets the newest state, and none between', async (t) => {
  const { server } = t.context;
  const answers = server.subscribe<{ tiers: { totalCount: number } }>('subscription { tiers { totalCount } }');
  t.is((await nextOf(answers)).tiers.totalCount, 0);
  const names = Array.from({ length: 100 }, (_, index) => `tier-${index}`);
  await Promise.all(names.map((name) => server.store.commit(makeChangeset([makeEdit.tier(name)]), operator)));
  const seen: number[] = [];
  while (seen.at(-1) !== 100) seen.push((await nextOf(answers)).tiers.totalCount);
  t.true(seen.length < 100, `${seen.length} answers`);
  t.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  );
  await answers.return?.();
});

test('every query of what is stored, but those of kinds and asker, has a live form of the same type', async (t) => {
  const { data } = await t.context.server.query<{
    __schema: Record<'queryType' | 'subscriptionType', { fields: { name: string; type: unknown; args: unknown }[] }>;
  }>(`{ __schema {
    queryType { fields { name type { ...T } args { name type { ...T } defaultValue } } }
    subscriptionType { fields { name type { ...T } args { name type { ...T } defaultValue } } } } }
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`);
  const queries = data?.__schema.queryType.fields.filter(({ name }) => !notLive.has(name));
  const live = data?.__schema.subscriptionType.fields.filter(({ name }) => !ownForm.has(name));
  t.deepEqual(live, queries);
  t.true(live?.some(({ name }) => name === 'appInstances'));
});

/** Kinds and asker do not change; what the outside says is asked, and no commit tells of it, nor of tokens. */
const notLive = new Set(['kinds', 'kind', 'me', 'logs', 'objectPlan', 'plan', 'adoption', 'tokens']);
/** Subscriptions that are no live form: the one of logs follows. */
const ownForm = new Set(['watch', 'changes', 'probes', 'logs']);

async function nextOf<Data>(answers: AsyncIterator<Answer<Data>>): Promise<Data> {
  const { value } = await answers.next();
  const answer = value as Answer<Data> | undefined;
  if (!answer?.data) throw new Error(`No data: ${JSON.stringify(answer)}`);
  return answer.data;
}

const object: ObjectRow = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name: 'hello',
  state: 'present',
  origin: 'created',
  uid: 'u1',
  appliedHash: null,
  health: 'Progressing',
  reason: null,
  message: '',
  drift: null,
};
