import anyTest, { type TestFn } from 'ava';
import type { ObjectRow } from '../../db/contract.js';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph; workloadId: string }>;

test.before(async (t) => {
  const plane = await createTestPlane();
  await plane.store.commit(
    makeChangeset([
      makeEdit.runtime('r', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      makeEdit.app('shop'),
      makeEdit.instance('shop', 'dev'),
    ]),
    plane.operator,
  );
  const [workload] = await plane.rows<{ id: string; lease_key: string; runtime_id: string }>(
    `select w.id, w.lease_key, r.id as runtime_id from resource w, resource r
     where w.kind = 'Workload' and w.name = 'web' and r.kind = 'KubernetesRuntime'`,
  );
  if (!workload) throw new Error('There is no workload.');
  const fence = await plane.lease(workload.lease_key);
  const at = { resourceId: workload.id, fence };
  await plane.store.reportObjects(
    { ...at, runtimeId: workload.runtime_id, objects: [object('web'), object('db'), object('quiet')], absent: [] },
    plane.controller,
  );
  const event = { type: 'Warning', reason: 'Failed', message: 'no such image' } as const;
  const events = [
    { ...event, object: 'Deployment/shop/web' },
    { ...event, object: 'Pod/shop/web-1', ownerObject: 'Deployment/shop/web' },
    { ...event, object: 'Pod/shop/db-1', ownerObject: 'Deployment/shop/db' },
    { ...event, object: '' },
  ];
  await plane.store.recordEvents({ ...at, source: 'kubernetes', events }, plane.controller);
  t.context = { plane, graph: createTestGraph(plane), workloadId: workload.id };
});
test.after.always((t) => t.context.plane?.drop());

const query = `query ($id: ID!, $objects: Int, $first: Int) { node(id: $id) { ... on Workload {
  objects(first: $objects) { nodes { name events(first: $first) { totalCount nodes { object ownerObject } } } }
} } }`;

interface Answer {
  readonly node: {
    readonly objects: {
      readonly nodes: readonly {
        readonly name: string;
        readonly events: { readonly totalCount: number; readonly nodes: readonly { readonly object: string }[] };
      }[];
    };
  };
}

// Statements are counted, so one test at a time.
test.serial('events are told with their object, those of its pods included', async (t) => {
  const { graph, workloadId } = t.context;
  const { node } = await graph.data<Answer>(query, { variables: { id: workloadId, objects: 10, first: 10 } });
  t.deepEqual(
    node.objects.nodes.map(({ name, events }) => [
      name,
      events.totalCount,
      events.nodes.map(({ object }) => object).sort(),
    ]),
    [
      ['db', 1, ['Pod/shop/db-1']],
      ['quiet', 0, []],
      ['web', 2, ['Deployment/shop/web', 'Pod/shop/web-1']],
    ],
  );
});

test.serial('events of three objects are as many statements as of one', async (t) => {
  const { graph, workloadId: id } = t.context;
  const ask = (objects: number) =>
    graph.statementsOf(() => graph.data(query, { variables: { id, objects, first: 1 } }).then(() => {}));
  const one = await ask(1);
  t.is((await ask(3)).length, one.length);
});

test.serial('what a cluster told and what Portolan tells can be asked for apart', async (t) => {
  const { graph, plane, workloadId } = t.context;
  const at = new Date(Date.now() + 1_000).toISOString();
  const pulled = { type: 'Normal', reason: 'Pulled', message: 'It is there.', object: 'Pod/shop/web-1' } as const;
  const outside = { id: 'a', count: 1, firstAt: at, lastAt: at };
  const [row] = await plane.rows<{ lease_key: string }>('select lease_key from resource where id = $1', [workloadId]);
  const fence = await plane.lease(row?.lease_key ?? '');
  const input = { resourceId: workloadId, fence, source: 'kubernetes', events: [{ ...pulled, outside }] };
  await plane.store.recordEvents(input, plane.controller);
  const reasons = async (isOfCluster: boolean) => {
    const filter = `{ resourceId: "${workloadId}", isOfCluster: ${isOfCluster} }`;
    const { events } = await graph.data<{ events: { nodes: { reason: string }[]; totalCount: number } }>(
      `{ events(filter: ${filter}) { nodes { reason } totalCount } }`,
    );
    t.is(events.totalCount, events.nodes.length);
    return [...new Set(events.nodes.map(({ reason }) => reason))];
  };
  t.deepEqual(await reasons(true), ['Pulled']);
  t.deepEqual(await reasons(false), ['Failed']);
});

function object(name: string): ObjectRow {
  return {
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
    namespace: 'shop',
    name,
    state: 'present',
    origin: 'created',
    uid: name,
    appliedHash: null,
    health: 'Degraded',
    reason: null,
    message: '',
    drift: null,
  };
}
