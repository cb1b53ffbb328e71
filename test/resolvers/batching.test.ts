import anyTest, { type TestFn } from 'ava';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph }>;

test.before(async (t) => {
  const plane = await createTestPlane();
  t.context = { plane, graph: createTestGraph(plane) };
  const apps = Array.from({ length: 100 }, (_, index) => makeEdit.app(`app-${index}`));
  await plane.store.commit(
    makeChangeset([
      makeEdit.runtime('r', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      ...apps,
      ...apps.map((app) => makeEdit.instance(app.name, 'dev')),
    ]),
    plane.operator,
  );
});
test.after.always((t) => t.context.plane?.drop());

const deep = `
  query ($names: [String!]) {
    apps(filter: { names: $names }, first: 500) {
      totalCount
      countsByHealth { health count }
      nodes {
        name project { name } releases(first: 2) { number } dependents
        referrers { totalCount edges { cursor node { ...Instance } } }
      }
    }
  }
  fragment Instance on Resource {
    name environment { name project { name } } status { health conditions { reason } }
    references { path target { name status { health } } }
    ... on AppInstance { spec { release } deployments { number } }
    children { totalCount countsByHealth { count } nodes { ...Leaf } }
  }
  fragment Leaf on Resource {
    name owner { name } attempt { count } dependents
    objects { totalCount nodes { name } } events { totalCount nodes { reason resource { name } } }
    revisions { totalCount nodes { op } } references { target { name } }
  }`;

interface DeepAnswer {
  readonly apps: {
    readonly nodes: readonly {
      readonly referrers: {
        readonly edges: readonly { readonly node: { readonly children: { readonly nodes: readonly object[] } } }[];
      };
    }[];
  };
}

// Statements are counted, so one test at a time.
test.serial('a deep query sends as many statements for 100 apps as for one', async (t) => {
  const { graph } = t.context;
  const answers: DeepAnswer[] = [];
  const ask = (names: readonly string[] | null) =>
    graph.statementsOf(async () => {
      answers.push(await graph.data<DeepAnswer>(deep, { variables: { names } }));
    });
  const forOne = await ask(['app-0']);
  const forAll = await ask(null);
  t.deepEqual(
    answers.map(({ apps }) => apps.nodes.length),
    [1, 100],
  );
  const leaves = answers[1]?.apps.nodes
    .flatMap(({ referrers }) => referrers.edges)
    .flatMap(({ node }) => node.children.nodes);
  t.is(leaves?.length, 200);
  t.is(forAll.length, forOne.length);
  // Run twice, interpreted and compiled.
  t.true(forOne.length / 2 <= 30, `${forOne.length / 2} statements`);
});

test.serial('only what is asked for is selected', async (t) => {
  const { graph } = t.context;
  const statementsOf = (query: string) => graph.statementsOf(() => graph.data(query));
  const [names] = await statementsOf('{ resources { nodes { name } } }');
  t.notRegex(names ?? '', /spec|labels|managers|resource_status|count\(/);
  const [health] = await statementsOf('{ resources { edges { node { ... on App { status { health } } } } } }');
  t.regex(health ?? '', /resource_status/);
  t.notRegex(health ?? '', /r\.spec|conditions/);
  const [documents] = await statementsOf(
    '{ resources { nodes { ...D } } } fragment D on App { d: spec { description } }',
  );
  t.regex(documents ?? '', /r\.spec/);
  const counts = await statementsOf('{ resources { totalCount } }');
  t.is(counts.length, 2, 'one for each way of running it');
  t.regex(counts[0] ?? '', /^select count/);
});

test.serial('one relation at two places of a document keeps its own arguments', async (t) => {
  const data = await t.context.graph.data<{ appInstance: Record<string, { nodes: { name: string }[] }> }>(`{
    appInstance(name: "app-1", environment: "dev") {
      one: children(first: 1) { nodes { name } }
      all: children { nodes { name } }
    }
  }`);
  t.deepEqual(
    data.appInstance.one?.nodes.map(({ name }) => name),
    ['namespace'],
  );
  t.deepEqual(
    data.appInstance.all?.nodes.map(({ name }) => name),
    ['namespace', 'web'],
  );
});
