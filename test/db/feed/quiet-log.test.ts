import test from 'ava';
import type { Queryable } from '../../../db/database.js';
import { startTail } from '../../../db/feed/tail.js';
import type { Statement, Value } from '../../../db/statement.js';
import { systemClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { eventually } from '../../helpers/eventually.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane } from '../../helpers/plane.js';

test('a look at a log that has nothing new is one statement, and misses nothing', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const asked: string[] = [];
  const database: Queryable = {
    query<Row>(statement: Statement<Row>, values?: readonly Value[]) {
      asked.push(statement.name);
      return plane.database.query(statement, values);
    },
  };
  const looks = (more: number) => {
    const wanted = asked.filter((name) => name === 'feed.newest').length + more;
    return eventually(
      () => {
        const seen = asked.filter((name) => name === 'feed.newest').length;
        if (seen < wanted) throw new Error(`It looked ${seen} times.`);
      },
      { timeoutMs: 20_000 },
    );
  };
  // So that there is a number that was given out and read.
  await plane.store.commit(makeChangeset([makeEdit.tier('before')]), plane.operator);
  let delivered = 0;
  const { incarnation } = plane.plane;
  const log = silentLog;
  const tail = startTail({
    database,
    incarnation,
    clock: systemClock,
    log,
    pollMs: 10,
    onBegin: () => {},
    onCommits: (commits) => {
      delivered += commits.length;
    },
  });
  t.teardown(() => tail.close());
  await looks(3);
  asked.length = 0;
  await looks(5);
  t.deepEqual([...new Set(asked)], ['feed.newest']);

  await plane.store.commit(makeChangeset([makeEdit.tier('after')]), plane.operator);
  await looks(3);
  t.is(delivered, 1);
});

test('a wake costs one statement while numbers follow on each other, and a gap is looked at as a whole', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const asked: string[] = [];
  const database: Queryable = {
    query<Row>(statement: Statement<Row>, values?: readonly Value[]) {
      asked.push(statement.name);
      return plane.database.query(statement, values);
    },
  };
  const delivered: bigint[] = [];
  let hasBegun = false;
  const tail = startTail({
    database,
    incarnation: plane.plane.incarnation,
    clock: systemClock,
    log: silentLog,
    pollMs: 3_600_000,
    onBegin() {
      hasBegun = true;
    },
    onCommits: (commits) => void delivered.push(...commits.map(({ seq }) => seq)),
  });
  t.teardown(() => tail.close());
  const until = (isSo: () => boolean) =>
    eventually(
      () => {
        if (!isSo()) throw new Error(`Delivered ${delivered}`);
      },
      { timeoutMs: 20_000 },
    );
  await until(() => hasBegun);
  asked.length = 0;
  for (const [index, name] of ['one', 'two', 'three'].entries()) {
    await plane.store.commit(makeChangeset([makeEdit.tier(name)]), plane.operator);
    tail.wake();
    await until(() => delivered.length === index + 1);
  }
  t.deepEqual([...new Set(asked)], ['feed.read-rows']);

  // A number that is given out, and taken back.
  await plane.rows("select nextval('revision_seq')");
  await plane.store.commit(makeChangeset([makeEdit.tier('after')]), plane.operator);
  asked.length = 0;
  tail.wake();
  await until(() => delivered.length === 4);
  t.deepEqual(asked, ['feed.read-rows', 'feed.newest', 'feed.lowest-key', 'feed.read-rows']);
});
