import anyTest, { type TestFn } from 'ava';
import { execute, parse } from 'graphql';
import { createBurstLoaders, createTurnLoaders } from '../../resolvers/loaders.js';
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

test.serial('live reads that begin in one turn share statements, and keep their own arguments', async (t) => {
  const { graph } = t.context;
  const { appInstances } = await graph.data<{ appInstances: { nodes: { id: string }[] } }>(
    '{ appInstances(first: 4) { nodes { id } } }',
  );
  const document = parse(`query ($id: ID!, $first: Int) {
    node(id: $id) { id ... on AppInstance { children(first: $first) { nodes { name } } } } }`);
  const loadersOfTurn = createTurnLoaders();
  const run = async (id: string, first: number) => {
    const contextValue = { ...graph.context(), loaders: loadersOfTurn() };
    const { data } = await execute({ schema: graph.schema, document, variableValues: { id, first }, contextValue });
    const node = data?.node as { readonly id: string; readonly children: { readonly nodes: readonly unknown[] } };
    return { isIt: node.id === id, children: node.children.nodes.length };
  };
  const answers: unknown[] = [];
  const together = await graph.statementsOf(async () => {
    const running = appInstances.nodes.map(({ id }, index) => run(id, index < 2 ? 1 : 2));
    answers.push(...(await Promise.all(running)));
  });
  t.deepEqual(
    answers,
    [1, 1, 2, 2].map((children) => ({ isIt: true, children })),
  );
  t.is(together.length, 3, 'one for the instances, and one for each number of children');
  const later = await graph.statementsOf(() => run(appInstances.nodes[0]?.id ?? '', 1));
  t.is(later.length, 2, 'what was read before is not remembered');
});

test.serial(
  'queries that come in with one look at the sockets are read by one statement, and the next by its own',
  async (t) => {
    const { graph } = t.context;
    const { appInstances } = await graph.data<{ appInstances: { nodes: { id: string }[] } }>(
      '{ appInstances(first: 3) { nodes { id } } }',
    );
    const document = parse('query ($id: ID!) { node(id: $id) { id } }');
    const whenRead: (() => void)[] = [];
    const loadersOfBurst = createBurstLoaders((callback) => whenRead.push(callback));
    const run = async (id: string) => {
      const contextValue = { ...graph.context(), loaders: loadersOfBurst() };
      const { data } = await execute({ schema: graph.schema, document, variableValues: { id }, contextValue });
      return (data?.node as { readonly id: string }).id;
    };
    const lookIsOver = async () => {
      // Resolvers of the burst have run by then, as they have before setImmediate.
      await new Promise((resolve) => setImmediate(resolve));
      for (const callback of whenRead.splice(0)) callback();
    };
    const ids = appInstances.nodes.map(({ id }) => id);
    const [first = ''] = ids;
    const together = await graph.statementsOf(async () => {
      const running = ids.map(run);
      await lookIsOver();
      t.deepEqual(await Promise.all(running), ids);
    });
    t.is(together.length, 1);
    const later = await graph.statementsOf(async () => {
      const running = run(first);
      await lookIsOver();
      t.is(await running, first);
    });
    t.is(later.length, 1, 'what was read before is not remembered');
  },
);
