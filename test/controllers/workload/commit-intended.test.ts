import test from 'ava';
import { commitIntended } from '../../../controllers/workload/commit-intended.js';
import type { InventoryRow } from '../../../controllers/workload/inventory.js';
import { keyOf, titleOf } from '../../../controllers/workload/object-name.js';
import { GraphError } from '../../../sdk/graph-error.js';
import { make, runtimeId } from '../make.js';

const role = (name: string): InventoryRow => {
  const { runtimeId: _, ...row } = make.row({
    group: 'rbac.authorization.k8s.io',
    kind: 'ClusterRole',
    namespace: '',
    name,
  });
  return row;
};

/** As the store: nothing of a report is written when one of its objects is another's. */
function createStore(owned: readonly string[]) {
  const written: string[] = [];
  return {
    written,
    async reportObjects(_workload: object, report: { readonly objects: readonly InventoryRow[] }) {
      const row = report.objects.find(({ name }) => owned.includes(name));
      if (row) throw new GraphError('CONFLICT', `${titleOf(row)} is taken.`, { owner: 'x', object: titleOf(row) });
      written.push(...report.objects.map(({ name }) => name));
      return { changed: report.objects.length };
    },
  };
}

const workload = make.workload();
const call = { lease: { key: 'k', holder: 'h', epoch: 1 } } as never;

test('commits all rows but those that another resource owns, and says whose they are', async (t) => {
  const store = createStore(['b', 'd']);
  const rows = ['a', 'b', 'c', 'd'].map(role);
  const taken = await commitIntended(store, workload, runtimeId, rows, call);
  t.deepEqual(store.written, ['a', 'c']);
  t.deepEqual(
    [...taken],
    [
      [keyOf(role('b')), 'ClusterRole/b is taken.'],
      [keyOf(role('d')), 'ClusterRole/d is taken.'],
    ],
  );
});

test('reports nothing when there is nothing to commit', async (t) => {
  const store = createStore([]);
  t.is((await commitIntended(store, workload, runtimeId, [], call)).size, 0);
  t.deepEqual(store.written, []);
});

test('fails with any other refusal', async (t) => {
  const refused = new GraphError('CONFLICT', 'The lease is lost.');
  const store = { reportObjects: () => Promise.reject(refused) };
  await t.throwsAsync(commitIntended(store, workload, runtimeId, [role('a')], call), { is: refused });
});
