import anyTest, { type TestFn } from 'ava';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { configMap, makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph }>;

test.before(async (t) => {
  const plane = await createTestPlane();
  t.context = { plane, graph: createTestGraph(plane) };
  await plane.store.commit(
    makeChangeset([
      makeEdit.runtime('local', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      makeEdit.app('ready'),
    ]),
    plane.operator,
  );
});
test.after.always((t) => t.context.plane?.drop());

const apply = `mutation ($input: ApplyInput!) {
  apply(input: $input) { changesetId cursor edits { op kind name resourceId result resource { id name version labels document } } }
}`;

interface Applied {
  readonly apply: {
    readonly cursor: string;
    readonly edits: readonly { readonly result: string; readonly resource: { readonly version: number } | null }[];
  };
}

test('apply commits edits of several kinds, and answers with what they became', async (t) => {
  const { graph } = t.context;
  const edits = [
    { op: 'CREATE', kind: 'Tier', name: 'prod', spec: { order: 20 }, labels: { color: 'red' } },
    { op: 'APPLY', kind: 'Environment', name: 'prod', spec: { tier: 'prod' } },
  ];
  const first = await graph.data<Applied>(apply, { variables: { input: { edits } } });
  t.like(first.apply.edits[0], {
    op: 'CREATE',
    result: 'created',
    resource: { name: 'prod', version: 1, labels: { color: 'red' }, document: { order: 20 } },
  });
  const [, again] = edits;
  const second = await graph.data<Applied>(apply, { variables: { input: { edits: [again] } } });
  t.deepEqual(
    second.apply.edits.map(({ result }) => result),
    ['unchanged'],
  );
  t.regex(first.apply.cursor, new RegExp(`^${t.context.plane.plane.incarnation}:\\d+$`));
});

test('a resource that an edit removed is null in the answer', async (t) => {
  const { graph } = t.context;
  const input = (op: string) => ({
    edits: [{ op, kind: 'Tier', name: 'short', ...(op === 'CREATE' ? { spec: { order: 1 } } : {}) }],
  });
  await graph.data(apply, { variables: { input: input('CREATE') } });
  const { apply: removed } = await graph.data<Applied>(apply, { variables: { input: input('DELETE') } });
  t.like(removed.edits[0], { result: 'removed', resource: null });
});

for (const [key, value] of Object.entries({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'aws' },
  'auth-provider': { name: 'oidc' },
  tokenFile: '/home/me/token',
  'client-certificate': '/home/me/me.crt',
  users: [{ name: 'me', user: {} }],
})) {
  test(`a cluster with the ${key} of a kubeconfig is refused with what to do instead, and nothing is stored`, async (t) => {
    const { graph, plane } = t.context;
    const name = `pasted-${key.toLowerCase()}`;
    const spec = { provider: 'kubeconfig', cluster: { server: 'https://203.0.113.7', [key]: value } };
    const { errors } = await graph.run(apply, {
      variables: { input: { edits: [{ op: 'CREATE', kind: 'KubernetesRuntime', name, spec }] } },
    });
    t.is(errors.length, 1);
    t.true(errors[0]?.message.startsWith(`spec.cluster.${key} of KubernetesRuntime cannot be used.`));
    t.regex(errors[0]?.message ?? '', /portolan runtime add NAME --kubeconfig PATH/);
    t.like(errors[0]?.original, { code: 'BAD_USER_INPUT', details: { path: ['edits', 0, 'spec', 'cluster', key] } });
    t.is((await plane.rows('select from resource where name = $1', [name])).length, 0);
  });
}

test('the manager of a field is the principal, unless one is named', async (t) => {
  const { graph } = t.context;
  const edit = { op: 'APPLY', kind: 'Project', name: 'managed', spec: { description: 'x' } };
  const managers = async () =>
    (await graph.data<{ project: object }>('{ project(name: "managed") { managers } }')).project;
  await graph.data(apply, { variables: { input: { edits: [edit] } } });
  t.deepEqual({ ...(await managers()) }, { managers: { description: 'operator' } });
  await graph.data(apply, {
    variables: { input: { edits: [{ ...edit, spec: { description: 'y' } }], manager: 'ci', takeOver: true } },
  });
  t.deepEqual({ ...(await managers()) }, { managers: { description: 'ci' } });
});

test('an idempotency key makes a second call answer like the first one', async (t) => {
  const { graph } = t.context;
  const call = (name: string) =>
    graph.run<Applied>(apply, {
      variables: { input: { edits: [{ op: 'CREATE', kind: 'Tier', name, spec: { order: 3 } }], idempotencyKey: 'k1' } },
    });
  const first = await call('once');
  t.deepEqual((await call('once')).data, first.data);
  t.like((await call('other')).errors[0]?.original, { code: 'CONFLICT' });
});

const refused: readonly {
  readonly title: string;
  readonly input: object;
  readonly code: string;
  readonly path: readonly unknown[];
}[] = [
  { title: 'an unknown kind', input: { kind: 'Tiers' }, code: 'BAD_USER_INPUT', path: ['edits', 0, 'kind'] },
  { title: 'a spec that is a list', input: { spec: [] }, code: 'BAD_USER_INPUT', path: ['edits', 0, 'spec'] },
  { title: 'a creation without a spec', input: { spec: null }, code: 'BAD_USER_INPUT', path: ['edits', 0, 'spec'] },
  {
    title: 'an unknown field',
    input: { spec: { ordr: 1 } },
    code: 'BAD_USER_INPUT',
    path: ['edits', 0, 'spec', 'ordr'],
  },
  {
    title: 'a wrong type',
    input: { spec: { order: 'x' } },
    code: 'BAD_USER_INPUT',
    path: ['edits', 0, 'spec', 'order'],
  },
  {
    title: 'a NUL',
    input: { spec: { order: 1, description: 'a\0' } },
    code: 'BAD_USER_INPUT',
    path: ['edits', 0, 'spec', 'description'],
  },
  {
    title: 'half a surrogate pair',
    input: { spec: { description: '\ud800' } },
    code: 'BAD_USER_INPUT',
    path: ['edits', 0, 'spec', 'description'],
  },
  {
    title: 'a label that is no text',
    input: { labels: { a: 1 } },
    code: 'BAD_USER_INPUT',
    path: ['edits', 0, 'labels', 'a'],
  },
  {
    title: 'a version below 1',
    input: { expectedVersion: 0 },
    code: 'BAD_USER_INPUT',
    path: ['edits', 0, 'expectedVersion'],
  },
  { title: 'a name with capitals', input: { name: 'Dev' }, code: 'BAD_USER_INPUT', path: ['edits', 0, 'name'] },
  {
    title: 'a project that is not there',
    input: { project: 'none' },
    code: 'NOT_FOUND',
    path: ['edits', 0, 'project'],
  },
];
for (const { title, input, code, path } of refused) {
  test(`an edit with ${title} is refused with its path`, async (t) => {
    const edit = { op: 'CREATE', kind: 'Tier', name: 'refused', spec: { order: 1 }, ...input };
    const { errors } = await t.context.graph.run(apply, { variables: { input: { edits: [edit] } } });
    t.like(errors[0]?.original, { code, details: { path } }, errors[0]?.message);
  });
}

test('typed mutations create, update and delete, and tell paths in terms of their own input', async (t) => {
  const { graph } = t.context;
  const created = await graph.data<Record<string, object>>(`mutation {
    createEnvironment(input: { name: "stage", labels: { a: "b" }, spec: { description: "x", tier: null } }) {
      name version labels spec { description tier } project { name }
    }
  }`);
  t.like(created.createEnvironment, {
    name: 'stage',
    version: 1,
    labels: { a: 'b' },
    spec: { description: 'x', tier: null },
  });
  const updated = await graph.data<Record<string, object>>(`mutation {
    updateEnvironment(input: { name: "stage", spec: { runtime: "local" }, expectedVersion: 1 }) { version labels spec { description runtime } }
  }`);
  t.like(updated.updateEnvironment, { version: 2, labels: { a: 'b' }, spec: { description: null, runtime: 'local' } });
  const stale = await graph.run(
    'mutation { deleteEnvironment(input: { name: "stage", expectedVersion: 1 }) { cursor } }',
  );
  t.like(stale.errors[0]?.original, { code: 'CONFLICT' });
  const wrong = await graph.run(
    'mutation { updateEnvironment(input: { name: "stage", spec: { runtime: "nowhere" } }) { version } }',
  );
  t.like(wrong.errors[0]?.original, { code: 'NOT_FOUND', details: { path: ['spec', 'runtime'] } });
  const deleted = await graph.data<Record<string, { edits: object[] }>>(
    'mutation { deleteEnvironment(input: { name: "stage" }) { edits { op kind name result } } }',
  );
  t.like(deleted.deleteEnvironment?.edits[0], { op: 'DELETE', result: 'removed' });
  t.deepEqual({ ...(await graph.data('{ environment(name: "stage") { id } }')) }, { environment: null });
});

const deploy = `mutation ($input: DeployInput!) {
  deploy(input: $input) { changesetId cursor release result instance { name environment { name } children { nodes { name } } } }
}`;

test('deploy applies a new state of the app and brings it to an environment, in one commit', async (t) => {
  const { graph, plane } = t.context;
  const appSpec = (...names: string[]) => ({
    components: names.map((name) => ({ name, type: 'manifests', objects: [configMap(name)] })),
  });
  const run = (input: object) =>
    graph.data<{ deploy: { changesetId: string } }>(deploy, {
      variables: { input: { app: 'hello', environment: 'dev', ...input } },
    });
  const first = await run({ appSpec: appSpec('web') });
  t.like(first.deploy, { release: 1, result: 'created', instance: { name: 'hello', environment: { name: 'dev' } } });
  t.is(
    (await plane.rows('select distinct seq from revision where changeset_id = $1', [first.deploy.changesetId])).length,
    1,
  );
  const second = await run({ appSpec: appSpec('web', 'api') });
  t.like(second.deploy, { release: 2, result: 'updated' });
  t.like(second.deploy, {
    instance: { children: { nodes: [{ name: 'api' }, { name: 'namespace' }, { name: 'web' }] } },
  });
  t.like((await run({})).deploy, { release: 2, result: 'unchanged' });
  t.like((await run({ release: 1 })).deploy, { release: 1, result: 'updated' });
  t.like((await run({ name: 'other' })).deploy, { release: 2, result: 'created', instance: { name: 'other' } });
});

const notDeployed: readonly { readonly input: object; readonly path: readonly unknown[] }[] = [
  { input: { appSpec: { components: [] } }, path: ['appSpec', 'components'] },
  { input: { appSpec: { description: 1 } }, path: ['appSpec', 'description'] },
  { input: { app: 'nobody' }, path: ['app'] },
  { input: { environment: 'nowhere' }, path: ['environment'] },
  { input: { runtime: 'nowhere' }, path: ['runtime'] },
  { input: { release: 77 }, path: ['release'] },
];
for (const { input, path } of notDeployed) {
  test(`deploy of ${JSON.stringify(input)} is refused with the path ${path.join('.')}`, async (t) => {
    const { graph, plane } = t.context;
    const variables = { input: { app: 'ready', name: 'refused', environment: 'dev', takeOver: true, ...input } };
    const { errors } = await graph.run(deploy, { variables });
    t.deepEqual(Object(errors[0]?.original).details?.path, path, errors[0]?.message);
    t.deepEqual(await plane.rows(`select from resource where name = 'refused' and kind = 'AppInstance'`), []);
    t.deepEqual(
      await plane.rows(
        `select from release l join resource r on r.id = l.app_id where r.name = 'ready' and number > 1`,
      ),
      [],
    );
  });
}
