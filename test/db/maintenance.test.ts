import anyTest, { type TestFn } from 'ava';
import { startMaintenance } from '../../db/maintenance.js';
import { createManualClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { eventually } from '../helpers/eventually.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type WithPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

test('every hour partitions are made ahead of the log, and keys older than a day are forgotten', async (t) => {
  const { database, rows, store, operator } = t.context.plane;
  await store.commit(makeChangeset([makeEdit.tier('old')], { idempotencyKey: 'old' }), operator);
  await rows(`update idempotency set created_at = now() - interval '25 hours'`);
  await store.commit(makeChangeset([makeEdit.tier('young')], { idempotencyKey: 'young' }), operator);
  await rows(`select setval('revision_seq', 4200000)`);
  const clock = createManualClock();
  const maintenance = startMaintenance({ database, clock, log: silentLog });
  t.teardown(() => maintenance.close());
  clock.step(3_600_000);
  await eventually(
    async () => {
      const keys = await rows<{ key: string }>('select key from idempotency');
      if (keys.map(({ key }) => key).join() !== 'young') throw new Error('Not yet.');
    },
    { timeoutMs: 10_000 },
  );
  const { edits } = await store.commit(makeChangeset([makeEdit.tier('far')]), operator);
  t.is(edits[0]?.result, 'created');
  const partitions = await rows(`select from pg_class where relname in ('revision_4', 'revision_5', 'revision_6')`);
  t.is(partitions.length, 3);
});
