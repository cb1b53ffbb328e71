import anyTest, { type TestFn } from 'ava';
import { createReadSet } from '../../resolvers/read-set.js';
import { delivered } from '../helpers/delivered.js';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { configMap, makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph; shop: string; big: string }>;

test.before(async (t) => {
  const plane = await createTestPlane();
  const components = Array.from({ length: 20 }, (_, index) => ({
    name: `part-${index}`,
    type: 'manifests',
    objects: [configMap(`part-${index}`)],
  }));
  const { edits } = await plane.store.commit(
    makeChangeset([
      makeEdit.runtime('sandbox', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      makeEdit.app('shop'),
      makeEdit.app('big', { spec: { components } }),
      makeEdit.instance('shop', 'dev'),
      makeEdit.instance('big', 'dev'),
    ]),
    plane.operator,
  );
  const [shop = '', big = ''] = edits.slice(4).map(({ resourceId }) => resourceId ?? '');
  t.context = { plane, graph: createTestGraph(plane), shop, big };
});
test.after.always((t) => t.context.plane?.drop());

interface Answer {
  readonly chart: {
    readonly isComplete: boolean;
    readonly nodes: readonly {
      readonly kind: string;
      readonly name: string;
      readonly owner: { readonly name: string } | null;
      readonly references: readonly { readonly target: { readonly name: string } }[];
    }[];
  } | null;
}

const document = `query ($id: ID!) { chart(id: $id) { isComplete nodes {
  kind name owner { name } references { path target { name } } status { health }
  objects { totalCount countsByHealth { health count } } } } }`;

test('the chart of an app instance has all that it owns and refers to, each once, and nothing of others', async (t) => {
  const { graph, shop } = t.context;
  const { chart } = await graph.data<Answer>(document, { variables: { id: shop } });
  t.true(chart?.isComplete);
  const names = chart?.nodes.map(({ kind, name }) => `${kind}/${name}`) ?? [];
  t.is(names[0], 'AppInstance/shop', 'what it is about comes first');
  t.deepEqual([...names].sort(), [
    'App/shop',
    'AppInstance/shop',
    'KubernetesRuntime/sandbox',
    'Workload/namespace',
    'Workload/web',
  ]);
});

test('the chart is null for what is not there', async (t) => {
  const { graph } = t.context;
  const id = '00000000-0000-4000-8000-000000000000';
  t.deepEqual(await graph.data(document, { variables: { id } }), { chart: null });
});

// One after the other: what others ask or commit meanwhile would be counted too.
test.serial('a chart of twenty components costs as many statements as that of one', async (t) => {
  const { graph, shop, big } = t.context;
  const statements = (id: string) => graph.statementsOf(() => graph.data(document, { variables: { id } }));
  t.is((await statements(big)).length, (await statements(shop)).length);
});

test.serial('a chart as of a moment is what it was then, although it is being deleted now', async (t) => {
  const { graph, plane } = t.context;
  const { edits, cursor } = await plane.store.commit(
    makeChangeset([makeEdit.app('brief'), makeEdit.instance('brief', 'dev')]),
    plane.operator,
  );
  const id = edits[1]?.resourceId ?? '';
  await plane.store.commit(
    makeChangeset([makeEdit.delete(makeEdit.instance('brief', 'dev')), makeEdit.delete(makeEdit.app('brief'))]),
    plane.operator,
  );
  const past = await graph.data<Answer>(
    `query ($id: ID!, $asOf: Moment) { chart(id: $id, asOf: $asOf) { isComplete nodes { kind name references { target { name } } deletionRequestedAt } } }`,
    { variables: { id, asOf: cursor } },
  );
  t.deepEqual(past.chart?.nodes.map(({ kind, name }) => `${kind}/${name}`).sort(), [
    'App/brief',
    'AppInstance/brief',
    'KubernetesRuntime/sandbox',
    'Workload/namespace',
    'Workload/web',
  ]);
  t.true(past.chart?.nodes.every((node) => Reflect.get(node, 'deletionRequestedAt') === null));
});

test.serial('a live chart looks again when something in it changes, or joins it, and not for others', async (t) => {
  const { graph, plane, shop } = t.context;
  const readSet = createReadSet();
  await graph.data(document, { variables: { id: shop }, readSet });
  const commits: { readonly concerns: boolean }[] = [];
  const stop = plane.feed.onCommit((commit) => commits.push({ concerns: readSet.isConcernedBy(commit) }));
  t.teardown(stop);
  // Nobody listened until now, so it may tell of what was before.
  await delivered(plane);
  const seen = async (edit: ReturnType<typeof makeEdit.app>) => {
    commits.length = 0;
    await plane.store.commit(makeChangeset([edit]), plane.operator);
    await delivered(plane);
    return commits.some(({ concerns }) => concerns);
  };
  t.true(await seen({ ...makeEdit.app('shop'), op: 'apply', labels: { team: 'web' } }));
  t.false(await seen({ ...makeEdit.app('other'), op: 'apply' }));
});
