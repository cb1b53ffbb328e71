import anyTest, { type TestFn } from 'ava';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph }>;

test.before(async (t) => {
  const plane = await createTestPlane();
  const commit = (manager: string, ...edits: Parameters<typeof makeChangeset>[0]) =>
    plane.store.commit(makeChangeset(edits, { manager }), plane.operator);
  const tier = (order: number, op: 'create' | 'apply') => ({ ...makeEdit.tier('dev', { spec: { order } }), op });
  await commit('file', makeEdit.project('web'), { ...makeEdit.tier('dev'), project: 'web' });
  await commit('file', tier(1, 'create'));
  await commit('file', { ...tier(1, 'apply'), labels: { team: 'ops' } }, makeEdit.tier('prod'));
  await commit('file', makeEdit.delete(makeEdit.tier('dev')));
  await commit('ann', tier(7, 'create'));
  await commit('ann', tier(8, 'apply'));
  t.context = { plane, graph: createTestGraph(plane) };
});
test.after.always((t) => t.context.plane?.drop());

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

test.serial(
  'the history of a name has what each commit changed, also of what is gone and was made again',
  async (t) => {
    const { revisions } = await t.context.graph.data<{ revisions: { nodes: object[]; totalCount: number } }>(`{
    revisions(filter: { kinds: ["Tier"], names: ["dev"], project: "default" }) {
      totalCount nodes { op manager actor fields { path before after } }
    }
  }`);
    t.is(revisions.totalCount, 5);
    const of = (op: string, manager: string, ...fields: [string, unknown, unknown][]) => ({
      op,
      manager,
      actor: 'operator',
      fields: fields.map(([path, before, after]) => ({ path, before, after })),
    });
    t.deepEqual(plain(revisions.nodes), [
      of('updated', 'ann', ['spec.order', 7, 8]),
      of('created', 'ann', ['spec.order', null, 7]),
      of('removed', 'file'),
      of('updated', 'file', ['labels.team', null, 'ops']),
      of('created', 'file', ['spec.order', null, 1]),
    ]);
  },
);

test.serial('the log is listed page by page, by kind of entry, and by one resource', async (t) => {
  const { graph } = t.context;
  const ask = async (page: string) =>
    plain(
      await graph.data(`{ revisions(filter: { ops: [created], kinds: ["Tier", "Project"] }, ${page}) {
        nodes { kind name resourceId } pageInfo { hasNextPage endCursor } } }`),
    ).revisions;
  const first = await ask('first: 3');
  t.deepEqual(
    first.nodes.map(({ name }: { name: string }) => name),
    ['dev', 'prod', 'dev'],
  );
  t.true(first.pageInfo.hasNextPage);
  const rest = await ask(`first: 3, after: "${first.pageInfo.endCursor}"`);
  t.deepEqual(
    rest.nodes.map(({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`),
    ['Tier dev', 'Project web', 'Project default'],
  );
  const one = await graph.data<{ revisions: { totalCount: number } }>(
    `{ revisions(filter: { resourceId: "${first.nodes[0].resourceId}" }) { totalCount } }`,
  );
  t.is(one.revisions.totalCount, 2);
});

test.serial('what many entries changed takes one statement', async (t) => {
  const { graph } = t.context;
  const sent = (first: number) =>
    graph.statementsOf(() => graph.run(`{ revisions(first: ${first}) { nodes { fields { path } } } }`));
  t.is((await sent(10)).length, (await sent(1)).length);
});
