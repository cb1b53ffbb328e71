import anyTest, { type TestFn } from 'ava';
import type { ReadPredicate } from '../../db/read/read-set.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph; ids: Readonly<Record<string, string>> }>;

test.before(async (t) => {
  const plane = await createTestPlane();
  const { edits } = await plane.store.commit(
    makeChangeset([
      makeEdit.runtime('local', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      makeEdit.app('shop'),
      makeEdit.instance('shop', 'dev'),
    ]),
    plane.operator,
  );
  t.context = {
    plane,
    graph: createTestGraph(plane),
    ids: Object.fromEntries(edits.map((edit) => [edit.kind, edit.resourceId])),
  };
});
test.after.always((t) => t.context.plane?.drop());

test('a read by name records what was found, or where there is nothing that name, for what may come to have it', async (t) => {
  const { ids } = t.context;
  const seen = await record(t.context, '{ app(name: "shop") { name } nobody: app(name: "nobody") { name } }');
  t.deepEqual(seen.ids, [ids.App]);
  t.deepEqual(seen.predicates, [{ kinds: ['App'], names: ['nobody'], ops: ['created'] }]);
});

test('a read by id records the id, though nothing is there', async (t) => {
  const id = crypto.randomUUID();
  const seen = await record(t.context, `{ node(id: "${id}") { id } }`);
  t.deepEqual(seen.ids, [id]);
});

test('lists and counts record what would be in them, not only what is', async (t) => {
  const { ids } = t.context;
  t.deepEqual((await record(t.context, '{ tiers { totalCount } }')).predicates, [{ kinds: ['Tier'] }]);
  t.deepEqual((await record(t.context, '{ resources { totalCount } }')).predicates, [{}]);
  t.deepEqual(
    (await record(t.context, `{ workloads(filter: { ownerId: "${ids.AppInstance}" }) { totalCount } }`)).predicates,
    [{ kinds: ['Workload'], ownerIds: [ids.AppInstance] }],
  );
});

test('relations record their parents, those that they lead to, and those that may join', async (t) => {
  const { ids } = t.context;
  const seen = await record(
    t.context,
    `{
    appInstance(name: "shop", environment: "dev") {
      environment { name } references { target { name } } children { totalCount } referrers { totalCount }
      objects { totalCount } events { totalCount } attempt { count }
    }
  }`,
  );
  t.deepEqual(seen.ids, Object.values(ids).toSorted());
  t.deepEqual(seen.predicates, [{ ownerIds: [ids.AppInstance] }, { kinds: referringToAny }]);
  const runtime = await record(t.context, '{ kubernetesRuntime(name: "local") { dependents } }');
  const referrers = runtime.predicates.at(-1)?.kinds ?? [];
  for (const kind of ['Environment', 'AppInstance', 'Workload']) t.true(referrers.includes(kind), kind);
  t.false(referrers.includes('Tier'));
});

/** Kinds that may refer to whatever they like. */
const referringToAny = builtInKinds.kinds
  .filter(({ references }) => references.some(({ kind }) => kind === '*'))
  .map(({ name }) => name);

async function record({ graph }: { graph: TestGraph }, query: string) {
  const ids = new Set<string>();
  const predicates = new Map<string, ReadPredicate>();
  await graph.data(query, {
    readSet: {
      ids: (more) => {
        for (const id of more) ids.add(id);
      },
      again: () => {},
      news: () => null,
      saw: () => {},
      predicate: (predicate) => void predicates.set(JSON.stringify(predicate), predicate),
    },
  });
  return { ids: [...ids].toSorted(), predicates: [...predicates.values()] };
}
