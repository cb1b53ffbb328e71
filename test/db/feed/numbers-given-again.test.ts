import test from 'ava';
import type { Queryable } from '../../../db/database.js';
import { startTail } from '../../../db/feed/tail.js';
import type { Statement, Value } from '../../../db/statement.js';
import { statement } from '../../../db/statement.js';
import { systemClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { eventually } from '../../helpers/eventually.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane } from '../../helpers/plane.js';

const patience = { timeoutMs: 20_000 };
const takeNumber = statement('test.take-number', "select nextval('revision_seq')");
const setBack = statement('test.set-back', "select setval('revision_seq', (select max(seq) from revision))");

test('a number that a crash took back and that was given out again is delivered, though the tail had passed it', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  let looks = 0;
  const database: Queryable = {
    query<Row>(asked: Statement<Row>, values?: readonly Value[]) {
      if (asked.name === 'feed.newest' || asked.name === 'feed.read-rows') looks += 1;
      return plane.database.query(asked, values);
    },
  };
  let delivered = 0;
  const tail = startTail({
    database,
    incarnation: plane.plane.incarnation,
    clock: systemClock,
    log: silentLog,
    pollMs: 10_000,
    onBegin: () => {},
    onCommits: (commits) => {
      delivered += commits.length;
    },
  });
  t.teardown(() => tail.close());
  const look = async () => {
    const before = looks;
    tail.wake();
    await eventually(() => {
      if (looks === before) throw new Error('It did not look.');
    }, patience);
  };
  await plane.store.commit(makeChangeset([makeEdit.tier('before')]), plane.operator);
  await look();
  // By a transaction that was rolled back.
  await plane.database.query(takeNumber);
  await look();
  // Postgres crashed before that number came to disk.
  await plane.database.query(setBack);
  await plane.store.commit(makeChangeset([makeEdit.tier('after')]), plane.operator);
  tail.wake();
  await eventually(() => {
    if (delivered !== 2) throw new Error(`${delivered} commits were delivered.`);
  }, patience);
  t.is(delivered, 2);
});
