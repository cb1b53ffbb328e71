import test from 'ava';
import type { Queryable } from '../../../db/database.js';
import { startTail } from '../../../db/feed/tail.js';
import type { Statement, Value } from '../../../db/statement.js';
import { type Clock, createManualClock, systemClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { eventually } from '../../helpers/eventually.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../../helpers/plane.js';

/** A tail that is looked at: what it asks, what it tells, and whether anybody is there. */
function tailOf(plane: TestPlane, onAsked: (name: string) => void = () => {}, clock: Clock = systemClock) {
  const seen = { isHeard: false, asked: [] as string[], told: [] as bigint[], passed: 0n, hasBegun: false };
  const database: Queryable = {
    async query<Row>(statement: Statement<Row>, values?: readonly Value[]) {
      seen.asked.push(statement.name);
      const rows = await plane.database.query(statement, values);
      onAsked(statement.name);
      return rows;
    },
  };
  const tail = startTail({
    database,
    incarnation: plane.plane.incarnation,
    clock,
    log: silentLog,
    pollMs: 3_600_000,
    isHeard: () => seen.isHeard,
    onBegin(delivered) {
      seen.hasBegun = true;
      seen.passed = delivered;
    },
    onCommits: (commits) => void seen.told.push(...commits.map(({ seq }) => seq)),
    onUnheard(upTo) {
      seen.passed = upTo;
    },
  });
  const until = (isSo: () => boolean) =>
    eventually(
      () => {
        if (!isSo()) throw new Error(`Told ${seen.told}, passed ${seen.passed}, asked ${seen.asked}`);
      },
      { timeoutMs: 20_000 },
    );
  return { seen, tail, until };
}

const newestOf = async (plane: TestPlane) => {
  const [row] = await plane.rows<{ seq: bigint }>('select max(seq) as seq from revision');
  return BigInt(row?.seq ?? 0n);
};

test('what nobody hears is counted and not read, also past a number that was taken back; who comes then is told of what comes after', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const { seen, tail, until } = tailOf(plane);
  t.teardown(() => tail.close());
  await until(() => seen.hasBegun);
  const put = (name: string) => plane.store.commit(makeChangeset([makeEdit.tier(name)]), plane.operator);

  await put('one');
  await put('two');
  const two = await newestOf(plane);
  tail.wake();
  await until(() => seen.passed === two);
  await plane.rows("select nextval('revision_seq')");
  await put('three');
  const three = await newestOf(plane);
  tail.wake();
  await until(() => seen.passed === three);
  t.false(seen.asked.includes('feed.read-rows'));
  t.deepEqual(seen.told, []);

  seen.isHeard = true;
  await put('four');
  tail.wake();
  tail.attend();
  await until(() => seen.told.length > 0);
  t.deepEqual(seen.told, [await newestOf(plane)]);
});

for (const statement of ['feed.count-commits', 'feed.newest', 'feed.lowest-key', 'feed.read-last']) {
  test(`who comes while ${statement} is asked is told of all that was committed`, async (t) => {
    const plane = await createTestPlane();
    t.teardown(() => plane.drop());
    let isArmed = false;
    const { seen, tail, until } = tailOf(plane, (name) => {
      if (isArmed && name === statement) seen.isHeard = true;
    });
    t.teardown(() => tail.close());
    await until(() => seen.hasBegun);
    // A number that was taken back: each kind of look comes.
    await plane.rows("select nextval('revision_seq')");
    await plane.store.commit(makeChangeset([makeEdit.tier('seen')]), plane.operator);
    isArmed = true;
    tail.wake();
    const newest = await newestOf(plane);
    await until(() => seen.told.length > 0);
    t.deepEqual(seen.told, [newest]);
  });
}

test('who asks how far all has come while it rests is answered after one more look', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  // A rest never ends by itself.
  const { seen, tail, until } = tailOf(plane, () => {}, createManualClock());
  t.teardown(() => tail.close());
  await until(() => seen.hasBegun);
  for (const name of ['one', 'two']) {
    await plane.store.commit(makeChangeset([makeEdit.tier(name)]), plane.operator);
    tail.wake();
    await tail.settle();
    t.is(seen.passed, await newestOf(plane));
  }
});
