import anyTest, { type TestFn } from 'ava';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph; instances: readonly string[] }>;

/** Two instances, each of whose two workloads has two objects; one of all differs from what is desired. */
test.before(async (t) => {
  const plane = await createTestPlane();
  const { edits } = await plane.store.commit(
    makeChangeset([
      makeEdit.runtime('sandbox', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      makeEdit.environment('prod'),
      makeEdit.app('shop'),
      makeEdit.instance('shop', 'dev'),
      makeEdit.instance('shop', 'prod'),
    ]),
    plane.operator,
  );
  const runtimeId = edits[0]?.resourceId ?? '';
  const instances = edits.slice(4).map(({ resourceId }) => resourceId ?? '');
  const fence = await plane.lease(`KubernetesRuntime/${runtimeId}`);
  const drift = [{ path: 'spec.replicas', desired: 3, live: 9, manager: 'kubectl-scale', at: null }];
  const workloads = await plane.rows<{ id: string; name: string; ownerId: string }>(
    `select id, name, owner_id as "ownerId" from resource where kind = 'Workload'`,
  );
  for (const { id, name, ownerId } of workloads) {
    const objects = ['ConfigMap', 'Deployment'].map((kind) => ({
      group: '',
      version: 'v1',
      kind,
      namespace: ownerId,
      name,
      state: 'present' as const,
      origin: 'created' as const,
      uid: null,
      appliedHash: null,
      health: kind === 'Deployment' ? ('Degraded' as const) : ('Healthy' as const),
      reason: null,
      message: '',
      drift: kind === 'Deployment' && name === 'web' && ownerId === instances[1] ? drift : null,
    }));
    await plane.store.reportObjects({ resourceId: id, fence, runtimeId, objects, absent: [] }, plane.controller);
  }
  t.context = { plane, graph: createTestGraph(plane), instances };
});
test.after.always((t) => t.context.plane?.drop());

interface Answer {
  readonly objects: {
    readonly totalCount: number;
    readonly nodes: readonly {
      readonly name: string;
      readonly kind: string;
      readonly resource: { readonly name: string };
    }[];
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  };
}

const list = (graph: TestGraph, filter: object, page: { first?: number; after?: string | null } = {}) =>
  graph.data<Answer>(
    `query ($filter: ObjectFilter, $first: Int, $after: String) { objects(filter: $filter, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } nodes { kind name drift { path desired live manager } resource { name } } } }`,
    { variables: { filter, ...page } },
  );

test('the objects of an app instance are those of all that it owns', async (t) => {
  const { graph, instances } = t.context;
  const { objects } = await list(graph, { resourceId: instances[0], withChildren: true });
  t.is(objects.totalCount, objects.nodes.length);
  t.true(objects.nodes.length >= 4);
  t.true(objects.nodes.every(({ name, resource }) => resource.name === name));
  t.is((await list(graph, { resourceId: instances[0] })).objects.totalCount, 0);
});

test('objects are found by name, and counted by health, of one resource as of all', async (t) => {
  const { graph, instances } = t.context;
  const { objects } = await graph.data<{ objects: object }>(
    `query ($filter: ObjectFilter) { objects(filter: $filter) { totalCount countsByHealth { health count } nodes { name } } }`,
    { variables: { filter: { resourceId: instances[0], withChildren: true, names: ['web'] } } },
  );
  t.like(objects, {
    totalCount: 2,
    countsByHealth: [
      { health: 'Degraded', count: 1 },
      { health: 'Healthy', count: 1 },
    ],
    nodes: [{ name: 'web' }, { name: 'web' }],
  });
  const { workloads } = await graph.data<{ workloads: { nodes: readonly object[] } }>(
    `{ workloads(filter: { names: ["web"] }) { nodes { objects { countsByHealth { health count } } } } }`,
  );
  for (const workload of workloads.nodes) {
    t.like(workload, {
      objects: {
        countsByHealth: [
          { health: 'Degraded', count: 1 },
          { health: 'Healthy', count: 1 },
        ],
      },
    });
  }
});

test('what differs from what is desired is found wherever it is', async (t) => {
  const { objects } = await list(t.context.graph, { isDrifted: true });
  t.deepEqual(JSON.parse(JSON.stringify(objects.nodes)), [
    {
      kind: 'Deployment',
      name: 'web',
      drift: [{ path: 'spec.replicas', desired: 3, live: 9, manager: 'kubectl-scale' }],
      resource: { name: 'web' },
    },
  ]);
});

test('objects are filtered by place, kind and health', async (t) => {
  const { graph } = t.context;
  const all = (await list(graph, {})).objects.totalCount;
  t.is((await list(graph, { environment: 'prod', project: 'default' })).objects.totalCount, all / 2);
  t.is((await list(graph, { environment: 'prod', project: 'other' })).objects.totalCount, 0);
  t.is((await list(graph, { kinds: ['Deployment'] })).objects.totalCount, all / 2);
  t.is((await list(graph, { health: ['Degraded'], kinds: ['ConfigMap'] })).objects.totalCount, 0);
  t.is((await list(graph, { isDrifted: false })).objects.totalCount, all - 1);
});

test('a list of objects is walked page by page without a gap or a repeat', async (t) => {
  const { graph } = t.context;
  const seen: string[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { objects }: Answer = await list(graph, {}, { first: 3, after });
    seen.push(...objects.nodes.map(({ kind, name, resource }) => `${kind}/${name}/${resource.name}`));
    after = objects.pageInfo.endCursor;
    more = objects.pageInfo.hasNextPage;
  }
  t.is(seen.length, (await list(graph, {})).objects.totalCount);
});
