import anyTest, { type TestFn } from 'ava';
import type { Json, JsonObject } from '../../lib/canonical.js';
import { createReadSet } from '../../resolvers/read-set.js';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';
import { createScriptedProbes, type ScriptedProbes, unavailable } from '../helpers/scripted-probes.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph; workloadId: string }>;

const password = 'hunter2-of-the-test';

test.before(async (t) => {
  const plane = await createTestPlane();
  t.context = { plane, graph: createTestGraph(plane), workloadId: '' };
  const { edits } = await plane.store.commit(
    makeChangeset([
      makeEdit.runtime('sandbox', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      makeEdit.app('shop'),
      makeEdit.instance('shop', 'dev'),
    ]),
    plane.operator,
  );
  const runtimeId = edits.find(({ kind }) => kind === 'KubernetesRuntime')?.resourceId ?? '';
  const [workload] = await plane.rows<{ id: string }>(
    `select id from resource where kind = 'Workload' and name = 'web'`,
  );
  t.context.workloadId = workload?.id ?? '';
  const fence = await plane.lease(`KubernetesRuntime/${runtimeId}`);
  const object = (kind: string, name: string) => ({
    group: '',
    version: 'v1',
    kind,
    namespace: 'shop',
    name,
    state: 'present' as const,
    origin: 'created' as const,
    uid: null,
    appliedHash: null,
    health: 'Healthy' as const,
    reason: null,
    message: '',
    drift: null,
  });
  const objects = [
    object('Secret', 'db'),
    ...Array.from({ length: 60 }, (_, number) => object('ConfigMap', `settings-${number}`)),
  ];
  await plane.store.reportObjects(
    { resourceId: t.context.workloadId, fence, runtimeId, objects, absent: [] },
    plane.controller,
  );
});
test.after.always((t) => t.context.plane?.drop());

interface LiveAnswer {
  readonly node: {
    readonly objects: {
      readonly nodes: readonly {
        readonly name: string;
        readonly live: {
          readonly manifest: JsonObject | null;
          readonly differences: readonly { path: string; desired: Json; live: Json; at: string | null }[];
          readonly unavailable: string | null;
        };
      }[];
    };
  };
}

async function liveOf(
  { graph, workloadId }: { readonly graph: TestGraph; readonly workloadId: string },
  probes: ScriptedProbes,
  options: { readonly first?: number; readonly isLive?: boolean } = {},
) {
  const { node } = await graph.data<LiveAnswer>(
    `{ node(id: "${workloadId}") { ... on Resource { objects(first: ${options.first ?? 3}) { nodes {
      name live { manifest differences { path desired live manager at } unavailable }
    } } } } }`,
    { probes, ...(options.isLive && { readSet: createReadSet() }) },
  );
  return node.objects.nodes;
}

test('an object is shown as its controller sees it, with where it differs', async (t) => {
  const difference = {
    path: 'data.hello',
    desired: 'world',
    live: 'there',
    manager: 'kubectl-edit',
    at: '2026-01-01T00:00:00Z',
  };
  const probes = createScriptedProbes(({ input }) => [
    { manifest: { kind: (input as JsonObject).kind ?? '', data: { hello: 'there' } }, differences: [difference] },
  ]);
  const [first] = await liveOf(t.context, probes);
  t.deepEqual(JSON.parse(JSON.stringify(first)), {
    name: 'settings-0',
    live: {
      manifest: { kind: 'ConfigMap', data: { hello: 'there' } },
      differences: [{ ...difference, at: '2026-01-01T00:00:00.000Z' }],
      unavailable: null,
    },
  });
  t.like(probes.asked[0], {
    question: 'live',
    resourceId: t.context.workloadId,
    input: { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'settings-0' },
  });
});

test('an object that is not there is null, and one that nobody can see says why; each for itself', async (t) => {
  const probes = createScriptedProbes(({ input }) =>
    (input as JsonObject).name === 'settings-0'
      ? unavailable('The controller that was asked went away.')
      : [{ manifest: null, differences: [] }],
  );
  const [first, second] = await liveOf(t.context, probes);
  t.is(first?.live.unavailable, 'The controller that was asked went away.');
  t.deepEqual(JSON.parse(JSON.stringify(second?.live)), { manifest: null, differences: [], unavailable: null });
});

test('a secret value does not pass, although a controller forgot to hide it', async (t) => {
  const encoded = Buffer.from(password).toString('base64');
  const manifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'db',
      annotations: {
        keep: 'this',
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: { password: encoded } }),
      },
    },
    data: { password: encoded },
    stringData: { password },
  };
  const differences = [
    { path: 'data.password', desired: encoded, live: null, manager: null, at: null },
    { path: 'metadata.labels.tier', desired: 'a', live: 'b', manager: null, at: null },
  ];
  const probes = createScriptedProbes(({ input }) =>
    (input as JsonObject).kind === 'Secret' ? [{ manifest, differences }] : [{ manifest: null, differences: [] }],
  );
  const nodes = await liveOf(t.context, probes, { first: 50 });
  const more = await t.context.graph.data(
    `{ objects(filter: { kinds: ["Secret"] }) { nodes { name live { manifest differences { path desired live } } } } }`,
    { probes },
  );
  const text = JSON.stringify([nodes, more]);
  t.false(text.includes(password) || text.includes(encoded), text);
  t.true(text.includes('"data":{"password":"(hidden)"},"stringData":{"password":"(hidden)"}'), text);
  t.true(text.includes('"annotations":{"keep":"this"}'), text);
  t.true(text.includes('{"path":"data.password","desired":"(hidden)","live":null}'), text);
  t.true(text.includes('{"path":"metadata.labels.tier","desired":"a","live":"b"}'), text);
});

test('a live read asks no controller, and says so', async (t) => {
  const probes = createScriptedProbes(() => [{ manifest: {}, differences: [] }]);
  const [first] = await liveOf(t.context, probes, { isLive: true });
  t.regex(first?.live.unavailable ?? '', /live read does not ask/);
  t.deepEqual(probes.asked, []);
});

test('a query asks about 50 objects at most, and says so of the others', async (t) => {
  const probes = createScriptedProbes(() => [{ manifest: {}, differences: [] }]);
  const nodes = await liveOf(t.context, probes, { first: 61 });
  t.is(nodes.filter(({ live }) => live.unavailable === null).length, 50);
  t.regex(nodes.find(({ live }) => live.unavailable !== null)?.live.unavailable ?? '', /50 live objects/);
});

// Statements are counted, so one test at a time.
test.serial('the owner of many objects is read once', async (t) => {
  const probes = createScriptedProbes(() => [{ manifest: {}, differences: [] }]);
  const one = await t.context.graph.statementsOf(() => liveOf(t.context, probes, { first: 1 }));
  const many = await t.context.graph.statementsOf(() => liveOf(t.context, probes, { first: 50 }));
  t.is(many.length, one.length);
});
