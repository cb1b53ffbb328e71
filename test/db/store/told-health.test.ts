import anyTest, { type TestFn } from 'ava';
import { statement } from '../../../db/statement.js';
import { lockFenced } from '../../../db/store/fence.js';
import { eventually } from '../../helpers/eventually.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

const setHealth = statement('test.set-health', `update resource_status set health = $2 where resource_id = $1`);

test('the log tells of both sides the health that was so when an edit was written, though that waited for a report', async (t) => {
  const { store, operator, controller, lease, database, rows } = t.context.plane;
  const { edits } = await store.commit(makeChangeset([makeEdit.runtime('waited')]), operator);
  const id = edits[0]?.resourceId ?? '';
  const fence = await lease(`KubernetesRuntime/${id}`);
  await store.reportStatus(
    {
      resourceId: id,
      fence,
      observedGeneration: 1,
      statusVersion: 0,
      health: 'Healthy',
      conditions: [],
      outputs: {},
      observed: {},
      consumed: [],
    },
    controller,
  );
  let edit: Promise<unknown> = Promise.resolve();
  await database.transaction(async (transaction) => {
    await lockFenced(transaction, id, fence, controller);
    await transaction.query(setHealth, [id, 'Degraded']);
    edit = store.commit(makeChangeset([makeEdit.runtime('waited', { op: 'update', labels: { a: 'b' } })]), operator);
    await eventually(
      async () => {
        const waiting = await rows(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        if (waiting.length === 0) throw new Error('The edit does not wait yet.');
      },
      { timeoutMs: 10_000 },
    );
  });
  await edit;
  const [told] = await rows<{ before: object; after: object }>(
    `select before, after from revision where resource_id = $1 and op = 'updated'`,
    [id],
  );
  t.like(told, { before: { health: 'Degraded', labels: {} }, after: { health: 'Degraded', labels: { a: 'b' } } });
});

test('an entry tells short fields of the spec as they are, and before it those that were others', async (t) => {
  const { store, operator, rows } = t.context.plane;
  const commit = (spec: { order: number; description?: string }, op: 'create' | 'update') =>
    store.commit(makeChangeset([makeEdit.tier('told', { op, spec })]), operator);
  await commit({ order: 1, description: 'x'.repeat(101) }, 'create');
  await commit({ order: 1, description: 'short' }, 'update');
  await commit({ order: 2 }, 'update');
  await store.commit(makeChangeset([makeEdit.delete(makeEdit.tier('told'))]), operator);
  const told = await rows<{ before: { spec?: object } | null; after: { spec?: object } | null }>(
    `select before, after from revision where name = 'told' order by seq`,
  );
  t.deepEqual(
    told.map(({ before, after }) => [before?.spec, after?.spec]),
    [
      [undefined, { order: 1 }],
      [{ description: null }, { order: 1, description: 'short' }],
      [{ order: 1, description: 'short' }, { order: 2 }],
      [{ order: 2 }, undefined],
    ],
  );
});
