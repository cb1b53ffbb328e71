import anyTest, { type TestFn } from 'ava';
import { createReadSet } from '../../resolvers/read-set.js';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { makeRevision } from '../helpers/make-revision.js';
import { createTestPlane, type WithPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<WithPlane & { graph: TestGraph }>;

test.before(async (t) => {
  const plane = await createTestPlane();
  t.context = { plane, graph: createTestGraph(plane) };
  const defaults = [{ kind: 'Database', spec: { size: 'medium' } }];
  await plane.store.commit(
    makeChangeset(
      [
        makeEdit.tier('dev', { spec: { order: 1, defaults } }),
        makeEdit.environment('dev', { spec: { tier: 'dev' } }),
        makeEdit.database('db', 'dev'),
      ],
      { manager: 'file' },
    ),
    plane.operator,
  );
});
test.after.always((t) => t.context.plane?.drop());

const document = `query ($resourceId: ID!, $path: String) { origin(resourceId: $resourceId, path: $path) {
  resource { kind name } path value isSecret source { kind name } set { actor }
  statedIn { resource { kind name } path manager set { actor } }
  overrode { value source { kind name } } alsoStatedBy
} }`;

async function idOf({ context }: { readonly context: WithPlane }, kind: string): Promise<string> {
  const [row] = await context.plane.rows<{ id: string }>('select id from resource where kind = $1', [kind]);
  return row?.id ?? '';
}

test('origin answers with the layer that won, where that says it, and what it overrode', async (t) => {
  const variables = { resourceId: await idOf(t, 'Database'), path: 'size' };
  const { origin } = await t.context.graph.data<{ origin: readonly object[] }>(document, { variables });
  t.deepEqual(JSON.parse(JSON.stringify(origin)), [
    {
      resource: { kind: 'Database', name: 'db' },
      path: 'size',
      value: 'medium',
      isSecret: false,
      source: { kind: 'tier', name: 'dev' },
      set: { actor: 'operator' },
      statedIn: {
        resource: { kind: 'Tier', name: 'dev' },
        path: 'defaults[Database].spec.size',
        manager: 'file',
        set: { actor: 'operator' },
      },
      overrode: [{ value: 'small', source: { kind: 'default', name: null } }],
      alsoStatedBy: [],
    },
  ]);
});

test('a field that a manager set itself has that as its source', async (t) => {
  const variables = { resourceId: await idOf(t, 'Database'), path: 'engine' };
  const { origin } = await t.context.graph.data<{ origin: readonly object[] }>(document, { variables });
  t.like(origin[0], { source: { kind: 'manager', name: 'file' }, statedIn: null });
});

test('a live origin looks at all that it is told from', async (t) => {
  const readSet = createReadSet();
  const variables = { resourceId: await idOf(t, 'Database'), path: 'size' };
  await t.context.graph.data(document, { variables, readSet });
  for (const kind of ['Tier', 'Environment', 'Database']) {
    const revision = { ...makeRevision({ resourceId: await idOf(t, kind) }), seq: 1n, ordinal: 0, at: '' };
    t.true(readSet.isConcernedBy({ cursor: '', revisions: [revision] }), kind);
  }
});

test('what is not there is refused with the path of the argument', async (t) => {
  const { graph } = t.context;
  const wrong = [
    { variables: { resourceId: '7' }, path: ['resourceId'] },
    { variables: { resourceId: crypto.randomUUID() }, path: ['resourceId'] },
    { variables: { resourceId: await idOf(t, 'Database'), path: 'nothing' }, path: ['path'] },
  ];
  for (const { variables, path } of wrong) {
    const { errors } = await graph.run(document, { variables });
    t.deepEqual(Object(errors[0]?.original).details?.path, path, errors[0]?.message);
  }
});
