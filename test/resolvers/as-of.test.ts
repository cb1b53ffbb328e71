import anyTest, { type TestFn } from 'ava';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph; moments: Moments }>;

/** Cursors after each step of what is done in `before`. */
interface Moments {
  readonly deployed: string;
  readonly labelled: string;
  readonly grown: string;
  readonly going: string;
}

test.before(async (t) => {
  const plane = await createTestPlane();
  const commit = async (...edits: Parameters<typeof makeChangeset>[0]) =>
    (await plane.store.commit(makeChangeset(edits), plane.operator)).cursor;
  const deployed = await commit(
    makeEdit.tier('dev'),
    makeEdit.runtime('sandbox', { spec: { provider: 'sandbox', default: true } }),
    makeEdit.environment('dev', { spec: { tier: 'dev' } }),
    makeEdit.app('shop'),
    makeEdit.instance('shop', 'dev'),
  );
  const labelled = await commit({ ...makeEdit.instance('shop', 'dev'), op: 'apply', labels: { team: 'web' } });
  const grown = await commit(makeEdit.tier('prod'), {
    ...makeEdit.environment('dev', { spec: { tier: 'prod' } }),
    op: 'apply',
  });
  const going = await commit(makeEdit.delete(makeEdit.instance('shop', 'dev')));
  t.context = { plane, graph: createTestGraph(plane), moments: { deployed, labelled, grown, going } };
});
test.after.always((t) => t.context.plane?.drop());

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

test.serial('all below a resource that is read at a moment is read at the same moment', async (t) => {
  const { graph, moments } = t.context;
  const text = `query ($asOf: Moment) {
    appInstance(name: "shop", environment: "dev", asOf: $asOf) {
      labels version generation deletionRequestedAt status { health }
      environment { spec { tier } references { path target { name } } referrers { nodes { name } } }
      references { path target { kind name } }
      children { totalCount countsByHealth { health count } nodes { name deletionRequestedAt owner { labels } } }
      revisions { totalCount } dependents deployments { number }
    }
    tier(name: "dev", asOf: $asOf) { referrers { totalCount nodes { kind name } } dependents }
    tiers(asOf: $asOf) { totalCount nodes { name } }
  }`;
  const children = ['namespace', 'web'].map((name) => ({ name, deletionRequestedAt: null, owner: { labels: {} } }));
  t.deepEqual(plain(await graph.data(text, { variables: { asOf: moments.deployed } })), {
    appInstance: {
      labels: {},
      version: 1,
      generation: 1,
      deletionRequestedAt: null,
      status: { health: 'Progressing' },
      environment: {
        spec: { tier: 'dev' },
        references: [{ path: 'tier', target: { name: 'dev' } }],
        referrers: { nodes: [] },
      },
      references: [
        { path: 'app', target: { kind: 'App', name: 'shop' } },
        { path: 'runtime', target: { kind: 'KubernetesRuntime', name: 'sandbox' } },
      ],
      children: { totalCount: 2, countsByHealth: [{ health: 'Progressing', count: 2 }], nodes: children },
      revisions: { totalCount: 1 },
      dependents: 2,
      deployments: [{ number: 1 }],
    },
    tier: { referrers: { totalCount: 1, nodes: [{ kind: 'Environment', name: 'dev' }] }, dependents: 1 },
    tiers: { totalCount: 1, nodes: [{ name: 'dev' }] },
  });
  const later = plain(await graph.data(text, { variables: { asOf: moments.grown } }));
  t.like(later.appInstance, { labels: { team: 'web' }, version: 2, environment: { spec: { tier: 'prod' } } });
  t.deepEqual(later.tier, { referrers: { totalCount: 0, nodes: [] }, dependents: 0 });
  t.deepEqual(later.tiers.nodes, [{ name: 'dev' }, { name: 'prod' }]);
  const now = plain(await graph.data(text));
  const last = plain(await graph.data(text, { variables: { asOf: moments.going } }));
  t.deepEqual(last, now);
  t.regex(last.appInstance.deletionRequestedAt, /^2/);
});

test.serial('two moments in one document do not mix, though they share a fragment', async (t) => {
  const { graph, moments } = t.context;
  const answer = await graph.data(
    `query ($a: Moment, $b: Moment) {
      a: environment(name: "dev", asOf: $a) { ...Tiers }
      b: environment(name: "dev", asOf: $b) { ...Tiers }
      now: environment(name: "dev") { ...Tiers }
    }
    fragment Tiers on Environment { references { target { name } } spec { tier } }`,
    { variables: { a: moments.deployed, b: moments.grown } },
  );
  const of = (tier: string) => ({ references: [{ target: { name: tier } }], spec: { tier } });
  t.deepEqual(plain(answer), { a: of('dev'), b: of('prod'), now: of('prod') });
});

test.serial('a time is the newest commit that had begun by then, as the log tells it', async (t) => {
  const { graph, moments } = t.context;
  const { environment } = await graph.data<{ environment: { id: string; revisions: { nodes: { at: string }[] } } }>(
    '{ environment(name: "dev") { id revisions { nodes { at } } } }',
  );
  const [changed, made] = environment.revisions.nodes.map(({ at }) => at);
  const at = (asOf: string) =>
    graph.data(
      `query ($asOf: Moment, $id: ID!) { node(id: $id, asOf: $asOf) { ... on Environment { spec { tier } } } }`,
      {
        variables: { asOf, id: environment.id },
      },
    );
  t.deepEqual(plain(await at(made ?? '')), plain(await at(moments.deployed)));
  t.like(plain(await at(changed ?? '')), { node: { spec: { tier: 'prod' } } });
  t.like(plain(await at('2999-01-01T00:00:00+02:00')), { node: { spec: { tier: 'prod' } } });
});

test.serial('a moment that the log does not tell is refused in words', async (t) => {
  const { graph, plane, moments } = t.context;
  const ask = async (asOf: string) => {
    const { errors } = await graph.run('query ($asOf: Moment) { tiers(asOf: $asOf) { totalCount } }', {
      variables: { asOf },
    });
    const [error] = errors;
    return { code: Object(error?.original).code, message: error?.message };
  };
  t.like(await ask('2001-01-01T00:00:00Z'), { code: 'CURSOR_EXPIRED' });
  t.regex((await ask('2001-01-01T00:00:00Z')).message ?? '', /before this plane was made, at 2.*nothing was there/);
  t.regex((await ask(`${crypto.randomUUID()}:5`)).message ?? '', /is of another plane; this one is /);
  const [incarnation] = moments.deployed.split(':');
  t.regex((await ask(`${incarnation}:999999`)).message ?? '', /ahead of the log: the database was restored/);
  const seq = (cursor: string) => cursor.split(':')[1] ?? '';
  await plane.rows('update plane set retained_after = $1', [seq(moments.labelled)]);
  t.teardown(() => plane.rows('update plane set retained_after = 0'));
  const expired = await ask(moments.deployed);
  t.is(expired.code, 'CURSOR_EXPIRED');
  t.regex(expired.message ?? '', /is older than what is kept of the log/);
  t.is((await ask(moments.labelled)).message, undefined);
});

test.serial(
  'a read at a moment costs as many statements for many as for one, and a live one waits for nothing',
  async (t) => {
    const { graph, moments } = t.context;
    const text = `query ($asOf: Moment, $names: [String!]) { resources(filter: { names: $names }, asOf: $asOf) {
    nodes { name owner { name } references { target { name } } referrers { nodes { name } } children { nodes { name } } } } }`;
    const looked: string[][] = [];
    const readSet = {
      ids: (ids: readonly string[]) => void looked.push([...ids]),
      predicate() {},
      again() {},
      news: () => null,
      saw() {},
    };
    const sent = async (names: readonly string[] | null) =>
      (await graph.statementsOf(() => graph.run(text, { variables: { asOf: moments.deployed, names }, readSet })))
        .length;
    t.is(await sent(null), await sent(['shop', 'web']));
    t.deepEqual(looked, []);
  },
);

test.serial('a moment is read only when no commit before it is under way any more', async (t) => {
  const { graph, plane } = t.context;
  const slow = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const [{ seq: newest } = { seq: 0n }] = await plane.rows<{ seq: bigint }>(
    'select last_value as seq from revision_seq',
  );
  // A writer that took its number, and has not committed.
  const writer = plane.database.transaction(async (transaction) => {
    await transaction.query({
      name: 'test.writer',
      text: `select pg_advisory_xact_lock_shared(${(0x5052n << 48n) + newest}), nextval('revision_seq')`,
    });
    begun.resolve();
    await slow.promise;
  });
  await begun.promise;
  const { cursor } = await plane.store.commit(makeChangeset([makeEdit.tier('after-the-slow-one')]), plane.operator);
  const context = graph.context();
  t.is(await context.reads.findMoment({ type: 'cursor', cursor }), null);
  slow.resolve();
  await writer;
  t.like(await context.reads.findMoment({ type: 'cursor', cursor }), { seq: newest + 2n });
});
