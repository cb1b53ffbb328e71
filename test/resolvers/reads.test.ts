import anyTest, { type TestFn } from 'ava';
import { execute, parse } from 'graphql';
import { ConflictError } from '../../lib/errors.js';
import { eventually } from '../helpers/eventually.js';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { configMap, makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph }>;

test.before(async (t) => {
  const plane = await createTestPlane();
  t.context = { plane, graph: createTestGraph(plane) };
  await plane.store.commit(
    makeChangeset([
      makeEdit.tier('dev'),
      makeEdit.runtime('sandbox', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev', { spec: { tier: 'dev' } }),
      makeEdit.environment('prod'),
      makeEdit.app('shop', {
        labels: { team: 'web' },
        spec: {
          description: 'Sells.',
          components: ['web', 'cart'].map((name) => ({ name, type: 'manifests', objects: [configMap(name)] })),
        },
      }),
      makeEdit.app('blog', { labels: { team: 'web', size: 'small' } }),
      makeEdit.instance('shop', 'dev'),
      makeEdit.instance('blog', 'dev'),
      makeEdit.instance('blog', 'prod'),
    ]),
    plane.operator,
  );
});
test.after.always((t) => t.context.plane?.drop());

test('an app instance is read with all that hangs on it, by one document', async (t) => {
  const { appInstance } = await t.context.graph.data<{ appInstance: object }>(`{
    appInstance(name: "shop", environment: "dev") {
      kind name specVersion generation version labels managers deletionRequestedAt
      project { name spec { description } }
      environment { name spec { tier } }
      owner { id }
      spec { app release runtime }
      observed { components }
      outputs { url }
      status { health isSettled observedGeneration version reason message since conditions { type } outputs { name } observed }
      references { path target { kind name } }
      dependents
      children { totalCount countsByHealth { health count } nodes { name kind owner { name } } pageInfo { hasNextPage } }
      events { totalCount nodes { reason } }
      objects { totalCount nodes { name } }
      revisions { totalCount nodes { op actor manager } }
      attempt { count }
      deployments { number release actor }
    }
  }`);
  t.deepEqual(JSON.parse(JSON.stringify(appInstance)), {
    kind: 'AppInstance',
    name: 'shop',
    specVersion: 1,
    generation: 1,
    version: 1,
    labels: {},
    managers: { app: 'test', release: 'layer:release/1', runtime: 'layer:project' },
    deletionRequestedAt: null,
    project: { name: 'default', spec: { description: null } },
    environment: { name: 'dev', spec: { tier: 'dev' } },
    owner: null,
    spec: { app: 'shop', release: 1, runtime: 'sandbox' },
    observed: null,
    outputs: null,
    status: {
      health: 'Progressing',
      isSettled: false,
      observedGeneration: 0,
      version: 0,
      reason: null,
      message: '',
      since: null,
      conditions: [],
      outputs: [],
      observed: {},
    },
    references: [
      { path: 'app', target: { kind: 'App', name: 'shop' } },
      { path: 'runtime', target: { kind: 'KubernetesRuntime', name: 'sandbox' } },
    ],
    dependents: 3,
    children: {
      totalCount: 3,
      countsByHealth: [{ health: 'Progressing', count: 3 }],
      nodes: ['cart', 'namespace', 'web'].map((name) => ({ name, kind: 'Workload', owner: { name: 'shop' } })),
      pageInfo: { hasNextPage: false },
    },
    events: { totalCount: 0, nodes: [] },
    objects: { totalCount: 0, nodes: [] },
    revisions: { totalCount: 1, nodes: [{ op: 'created', actor: 'operator', manager: 'test' }] },
    attempt: null,
    deployments: [{ number: 1, release: 1, actor: 'operator' }],
  });
});

test('a resource is found by its names, by its id, and as null when it is not there', async (t) => {
  const { graph } = t.context;
  const found = await graph.data<{ resource: { id: string; document: { tier: string } } }>(
    `{ resource(kind: "Environment", name: "dev") { id document ... on Environment { spec { tier } } } }`,
  );
  t.is(found.resource.document.tier, 'dev');
  const again = await graph.data(`query ($id: ID!) { node(id: $id) { id ... on Resource { kind name } } }`, {
    variables: { id: found.resource.id },
  });
  t.like(again.node, { id: found.resource.id, kind: 'Environment', name: 'dev' });
  t.deepEqual(
    {
      ...(await graph.data(`{ a: app(name: "nobody") { id } b: node(id: "${crypto.randomUUID()}") { id }
      c: appInstance(name: "shop", environment: "nowhere") { id } d: app(name: "shop", project: "other") { id } }`)),
    },
    { a: null, b: null, c: null, d: null },
  );
});

test('of an edge whose end is removed while both are read it is said that it is to be asked again', async (t) => {
  const { graph } = t.context;
  const context = graph.context();
  const document = parse('{ appInstance(name: "blog", environment: "dev") { references { target { name } } } }');
  // As live reads do it, which look at edge and end by two statements.
  const references: typeof context.reads.references = (ids) => context.reads.references(ids);
  const contextValue = { ...context, reads: { ...context.reads, references, resourcesByIds: async () => [] } };
  const { errors } = await execute({ schema: graph.schema, document, contextValue });
  t.true(errors?.[0]?.originalError instanceof ConflictError);
  t.regex(errors?.[0]?.message ?? '', /went while it was read\. Read it again\.$/);
});

test('the same name in two environments are two instances', async (t) => {
  const { dev, prod, all } = await t.context.graph.data<Record<string, { id: string; totalCount: number }>>(`{
    dev: appInstance(name: "blog", environment: "dev") { id }
    prod: appInstance(name: "blog", environment: "prod") { id }
    all: appInstances(filter: { names: ["blog"] }) { totalCount }
  }`);
  t.not(dev?.id, prod?.id);
  t.is(all?.totalCount, 2);
});

const filters: readonly { readonly filter: string; readonly names: readonly string[] }[] = [
  { filter: 'kinds: ["App"]', names: ['blog', 'shop'] },
  { filter: 'kinds: ["App"], names: ["shop", "x"]', names: ['shop'] },
  { filter: 'labels: [{ key: "team", value: "web" }]', names: ['blog', 'shop'] },
  { filter: 'labels: [{ key: "team", value: "web" }, { key: "size", value: "small" }]', names: ['blog'] },
  { filter: 'labels: [{ key: "team", value: "we" }]', names: [] },
  { filter: 'kinds: ["AppInstance"], environment: "dev"', names: ['blog', 'shop'] },
  { filter: 'kinds: ["AppInstance"], environment: "prod"', names: ['blog'] },
  { filter: 'kinds: ["AppInstance"], environment: "prod", project: "other"', names: [] },
  { filter: 'kinds: ["Environment", "Tier"], project: "default"', names: ['dev', 'dev', 'prod'] },
  { filter: 'kinds: ["Project"]', names: ['default'] },
  { filter: 'kinds: ["Project"], project: "default"', names: [] },
  { filter: 'kinds: ["App", "AppInstance"], health: [Healthy]', names: ['blog', 'shop'] },
  { filter: 'kinds: ["AppInstance"], health: [Progressing, Degraded]', names: ['blog', 'blog', 'shop'] },
  { filter: 'kinds: ["App"], nameContains: "o"', names: ['blog', 'shop'] },
  { filter: 'kinds: ["App"], nameContains: "ho"', names: ['shop'] },
  { filter: 'kinds: ["App"], nameContains: "%"', names: [] },
  { filter: 'kinds: ["App"], isDeleting: true', names: [] },
  { filter: 'kinds: ["App"], isDeleting: false', names: ['blog', 'shop'] },
];
for (const { filter, names } of filters) {
  test(`the filter { ${filter} } finds ${names.join(', ') || 'nothing'}, and counts as many`, async (t) => {
    const { resources } = await t.context.graph.data<{
      resources: { totalCount: number; nodes: { name: string }[]; countsByHealth: { count: number }[] };
    }>(`{ resources(filter: { ${filter} }) { totalCount nodes { name } countsByHealth { count } } }`);
    t.deepEqual(
      resources.nodes.map(({ name }) => name),
      [...names],
    );
    t.is(resources.totalCount, names.length);
    t.is(
      resources.countsByHealth.reduce((sum, { count }) => sum + count, 0),
      names.length,
    );
  });
}

test('a typed filter compares fields of the spec', async (t) => {
  const { apps, runtimes } = await t.context.graph.data<Record<string, { nodes: unknown[] }>>(`{
    apps: apps(filter: { spec: { description: "Sells." } }) { nodes { name } }
    runtimes: kubernetesRuntimes(filter: { spec: { provider: sandbox, default: true } }) { nodes { name spec { provider } } }
  }`);
  t.deepEqual(apps?.nodes.length, 1);
  t.like(runtimes?.nodes[0], { name: 'sandbox', spec: { provider: 'sandbox' } });
});

test('an id of an owner finds what it owns', async (t) => {
  const { graph } = t.context;
  const { appInstance } = await graph.data<{ appInstance: { id: string } }>(
    `{ appInstance(name: "shop", environment: "dev") { id } }`,
  );
  const { workloads, workload } = await graph.data<Record<string, { totalCount: number; spec: { namespace: string } }>>(
    `query ($id: ID!) {
      workloads(filter: { ownerId: $id, spec: { component: "web" } }) { totalCount }
      workload(name: "web", ownerId: $id) { spec { namespace after objects } }
    }`,
    { variables: { id: appInstance.id } },
  );
  t.is(workloads?.totalCount, 1);
  t.regex(workload?.spec.namespace ?? '', /^shop-[0-9a-f]{10}$/);
});

test('kinds describe themselves, so that clients need to know none', async (t) => {
  const { kinds, kind, nothing } = await t.context.graph.data<Record<string, unknown>>(`{
    kinds { name plural docs scope specVersion isControlled isMadeByUser references { path kind scope } columns { header path isWide } }
    kind(name: "App") { specSchema observedSchema outputsSchema fileSchema }
    nothing: kind(name: "Ap") { name }
  }`);
  t.like((kinds as object[]).at(-1), { name: 'Workload', scope: 'owner', isControlled: true, isMadeByUser: false });
  t.like(kind, { fileSchema: { title: 'App' }, specSchema: { type: 'object' } });
  t.is(nothing, null);
});

test('plane and me tell where one is and who', async (t) => {
  const { incarnation } = t.context.plane.plane;
  // The feed may still be on its way to what was committed last, and the two ways of asking are compared.
  const { plane, me } = await eventually(
    () =>
      t.context.graph.data<Record<string, unknown>>(
        '{ plane { incarnation version schemaVersion cursor } me { name role } }',
        { actor: t.context.plane.controller },
      ),
    { timeoutMs: 10_000 },
  );
  t.like(plane, { incarnation, version: '0.0.0-test' });
  t.like(me, { name: 'controller', role: 'controller' });
});

const mistakes: readonly { readonly query: string; readonly message: RegExp; readonly path: readonly unknown[] }[] = [
  { query: '{ node(id: "7") { id } }', message: /^"7" is not an id/, path: ['id'] },
  { query: '{ resource(kind: "Ap", name: "x") { id } }', message: /Did you mean "App"\?/, path: ['kind'] },
  { query: '{ resource(kind: "AppInstance", name: "x") { id } }', message: /say in which/, path: ['environment'] },
  { query: '{ resource(kind: "Workload", name: "x") { id } }', message: /give ownerId/, path: ['ownerId'] },
  { query: '{ resources(first: 0) { totalCount } }', message: /must be at least 1/, path: ['first'] },
  { query: '{ resources(first: 501) { totalCount } }', message: /at most 500/, path: ['first'] },
  { query: '{ apps { nodes { children(first: 501) { totalCount } } } }', message: /at most 500/, path: ['first'] },
  { query: '{ apps { nodes { releases(first: -1) { number } } } }', message: /must be at least 1/, path: ['first'] },
  { query: '{ resources(after: "x") { nodes { id } } }', message: /not a cursor of this list/, path: ['after'] },
  { query: '{ events(after: "bnVsbA") { nodes { id } } }', message: /not a cursor of this list/, path: ['after'] },
  {
    query: '{ resources(filter: { kinds: ["App", "x"] }) { totalCount } }',
    message: /not a kind/,
    path: ['filter', 'kinds', 1],
  },
  {
    query: '{ resources(filter: { ownerId: "x" }) { totalCount } }',
    message: /not an id/,
    path: ['filter', 'ownerId'],
  },
  { query: '{ apps(filter: { names: ["a\\u0000"] }) { totalCount } }', message: /NUL/, path: ['filter', 'names', 0] },
  { query: '{ app(name: "a\\u0000") { id } }', message: /NUL/, path: ['name'] },
  {
    query: '{ events(filter: { resourceId: "x" }) { totalCount } }',
    message: /not an id/,
    path: ['filter', 'resourceId'],
  },
];
for (const { query, message, path } of mistakes) {
  test(`${query} is refused in words`, async (t) => {
    const { errors } = await t.context.graph.run(query);
    const [error] = errors;
    t.regex(error?.message ?? '', message);
    t.like(error?.original, { details: { path } });
    t.regex(String(Object(error?.original).code), /^(BAD_USER_INPUT|LIMIT_EXCEEDED)$/);
  });
}
