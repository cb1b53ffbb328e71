import anyTest, { type TestFn } from 'ava';
import { Client } from 'pg';
import type { Commit, Feed, Wake } from '../../db/contract.js';
import { createFeed } from '../../db/feed.js';
import { statement } from '../../db/statement.js';
import { appendRevisions } from '../../db/store/revisions.js';
import { systemClock } from '../../lib/clock.js';
import { CursorExpiredError } from '../../lib/errors.js';
import { silentLog } from '../../lib/log.js';
import { createSeededRandom, type Random, systemRandom } from '../../lib/random.js';
import { delivered } from '../helpers/delivered.js';
import { eventually } from '../helpers/eventually.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { makeRevision } from '../helpers/make-revision.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

const anotherFeed = ({ database, plane }: TestPlane, pollMs = 50): Feed =>
  createFeed({ database, plane, clock: systemClock, random: systemRandom, log: silentLog, pollMs });

test('12 writers, rollbacks, a foreign transaction and restarts of the tail: every committed revision once, in order, no commit cut', async (t) => {
  const plane = await createTestPlane({ poolSize: 20 });
  t.teardown(() => plane.drop());
  const foreign = new Client({ ...plane.connection });
  await foreign.connect();
  await foreign.query('begin');
  await foreign.query('create temporary table held_open (x int)');
  const start = await plane.feed.head();

  const seen: Commit[] = [];
  let isWriting = true;
  const writing = Promise.all(
    Array.from({ length: 12 }, (_, index) => writeMany(plane, 60, createSeededRandom(index + 1))),
  ).finally(() => {
    isWriting = false;
  });
  let cursor = start;
  let tails = 0;
  const isComplete = async () => {
    const [newest] = await plane.rows<{ seq: bigint }>('select max(seq) as seq from revision');
    return !isWriting && newest?.seq === seen.at(-1)?.revisions[0]?.seq;
  };
  while (!(await isComplete())) {
    const feed = anotherFeed(plane);
    tails += 1;
    const reading = feed.changes(cursor);
    for (let count = 0; count < 50 && !(await isComplete()); count += 1) {
      const { value } = await reading.next();
      seen.push(value);
      cursor = value.cursor;
    }
    await feed.close();
  }
  await writing;
  await foreign.query('rollback');
  await foreign.end();

  const stored = await plane.rows<{ seq: bigint; ordinal: number }>(
    'select seq, ordinal from revision where seq > $1 order by seq, ordinal',
    [start.split(':')[1] ?? ''],
  );
  const delivered = seen.flatMap((commit) => commit.revisions);
  t.deepEqual(
    delivered.map(({ seq, ordinal }) => `${seq}.${ordinal}`),
    stored.map(({ seq, ordinal }) => `${seq}.${ordinal}`),
  );
  t.true(delivered.length > 500);
  t.true(tails > 5);
  const versions = new Map<string, number>();
  for (const { resourceId, version } of delivered) {
    t.true(version > (versions.get(resourceId) ?? 0));
    versions.set(resourceId, version);
  }
});

test('a watch begins with SYNC and wakes once for changes that a slow reader did not take yet', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const { feed, store, operator } = plane;
  const watch = feed.watch({ kinds: ['Tier'] });
  t.deepEqual(await watch.next(), { value: { type: 'SYNC' }, done: false });
  const made = await store.commit(
    makeChangeset([makeEdit.tier('watched'), makeEdit.environment('unwatched')]),
    operator,
  );
  for (const order of [2, 3, 4]) {
    await store.commit(makeChangeset([makeEdit.tier('watched', { op: 'update', spec: { order } })]), operator);
  }
  await delivered(plane);
  const { value } = await watch.next();
  t.like(value, { type: 'CHANGED', kind: 'Tier', id: made.edits[0]?.resourceId ?? '', isRemoved: false });
  await store.commit(makeChangeset([makeEdit.delete(makeEdit.tier('watched'))]), operator);
  t.like((await watch.next()).value, { type: 'CHANGED', isRemoved: true });
  await watch.return?.();
});

test('a watcher that leaves while it waits is detached at once', async (t) => {
  const feed = anotherFeed(t.context.plane);
  t.teardown(() => feed.close());
  const watch = feed.watch({ kinds: ['Tier'] });
  const log = feed.changes(await feed.head());
  await watch.next();
  const parked: Promise<IteratorResult<Wake | Commit>>[] = [watch.next(), log.next()];
  t.like(feed.stats(), { watchers: 1, readers: 1 });
  await Promise.all([watch.return?.(), log.return?.()]);
  t.like(feed.stats(), { watchers: 0, readers: 0 });
  t.deepEqual(
    (await Promise.all(parked)).map((result) => result.done),
    [true, true],
  );
});

test('a change by another process wakes through NOTIFY, without waiting for the poll', async (t) => {
  const other = anotherFeed(t.context.plane, 3_600_000);
  t.teardown(() => other.close());
  const watch = other.watch({ kinds: ['Tier'] });
  await watch.next();
  const next = watch.next();
  const { store, operator } = t.context.plane;
  await store.commit(makeChangeset([makeEdit.tier('told-by-notify')]), operator);
  t.like((await next).value, { type: 'CHANGED', kind: 'Tier' });
});

test('a change that nobody told about is found by the poll', async (t) => {
  const { database, feed, rows } = t.context.plane;
  const other = anotherFeed(t.context.plane, 20);
  t.teardown(() => other.close());
  const log = other.changes(await feed.head());
  const [project] = await rows<{ id: string }>(`select id from resource where kind = 'Project'`);
  const revision = makeRevision({ resourceId: project?.id ?? '', name: 'silent' });
  await database.transaction((transaction) => appendRevisions(transaction, [revision]));
  await eventually(
    async () => {
      const { value } = await log.next();
      if (value.revisions[0]?.name !== 'silent') throw new Error('Another one came first.');
    },
    { timeoutMs: 10_000 },
  );
  t.pass();
});

test('changes older than the memory of the process are read from the table, page by page', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const start = await plane.feed.head();
  const [project] = await plane.rows<{ id: string }>(`select id from resource where kind = 'Project'`);
  const sizes = [1, 700, 1500, 2, 999, 1, 1];
  for (const size of sizes) {
    const revisions = Array.from({ length: size }, () => makeRevision({ resourceId: project?.id ?? '' }));
    await plane.database.transaction((transaction) => appendRevisions(transaction, revisions));
  }
  const late = anotherFeed(plane);
  t.teardown(() => late.close());
  await late.head();
  const log = late.changes(start);
  const got: number[] = [];
  while (got.length < sizes.length) got.push((await log.next()).value.revisions.length);
  t.deepEqual(got, sizes);
});

test('a reader that comes after a time in which nobody read has all since its cursor, from the table and then as it comes', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const { feed, store, operator } = plane;
  const start = await feed.head();
  const name = (index: number) => `unread-${index}`;
  const make = (index: number) => store.commit(makeChangeset([makeEdit.tier(name(index))]), operator);
  for (const index of [0, 1, 2]) await make(index);
  await delivered(plane);
  const log = feed.changes(start);
  const next = async () => (await log.next()).value.revisions[0]?.name;
  t.is(await next(), name(0));
  await make(3);
  await delivered(plane);
  for (const index of [1, 2, 3]) t.is(await next(), name(index));
  await log.return?.();
  await make(4);
  await delivered(plane);
  const again = feed.changes(start);
  for (const index of [0, 1, 2, 3, 4]) t.is((await again.next()).value.revisions[0]?.name, name(index));
});

test('a cursor of another database, of the future, or of what was dropped is CURSOR_EXPIRED', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const { feed, store, operator, rows } = plane;
  const old = await feed.head();
  const { cursor } = await store.commit(makeChangeset([makeEdit.tier('any')]), operator);
  await feed.check(old);
  await feed.check(cursor);
  await rows('update plane set retained_after = $1', [cursor.split(':')[1] ?? '']);
  const [incarnation] = cursor.split(':');
  for (const expired of [
    `${systemRandom.uuid()}:1`,
    `${incarnation}:99999999`,
    old,
    'nonsense',
    `${incarnation}:1:2`,
  ]) {
    await t.throwsAsync(feed.check(expired), { instanceOf: CursorExpiredError }, expired);
    await t.throwsAsync(feed.changes(expired).next(), { instanceOf: CursorExpiredError }, expired);
  }
  await feed.check(cursor);
});

test('a reader in the middle of the log sees what comes after its cursor only', async (t) => {
  const { feed, store, operator } = t.context.plane;
  const { cursor } = await store.commit(makeChangeset([makeEdit.tier('before-cursor')]), operator);
  await store.commit(makeChangeset([makeEdit.tier('after-cursor')]), operator);
  const log = feed.changes(cursor);
  await eventually(
    async () => {
      const { value } = await log.next();
      t.false(value.revisions.some((revision: { name: string }) => revision.name === 'before-cursor'));
      if (!value.revisions.some((revision: { name: string }) => revision.name === 'after-cursor'))
        throw new Error('not yet');
    },
    { timeoutMs: 10_000 },
  );
});

const pause = statement('test.pause', 'select pg_sleep($1::float8)');
const lockSome = statement<{ id: string; version: number }>(
  'test.lock-some',
  'update resource set version = version + 1 where id = any($1) returning id, version',
);

/** Transactions as the store makes them, slowed down where a naive cursor would lose them. A fifth is rolled back. */
async function writeMany(plane: TestPlane, count: number, random: Random): Promise<void> {
  const { edits } = await plane.store.commit(
    makeChangeset([makeEdit.tier(`w-${random.uuid().slice(0, 8)}`)]),
    plane.operator,
  );
  const [shared] = await plane.rows<{ id: string }>(`select id from resource where kind = 'Project'`);
  for (let index = 0; index < count; index += 1) {
    const isRolledBack = random.next() < 0.2;
    const ids = random.next() < 0.2 ? [shared?.id ?? ''] : [edits[0]?.resourceId ?? ''];
    await plane.database
      .transaction(async (transaction) => {
        const rows = await transaction.query(lockSome, [ids]);
        const extra = Array.from({ length: random.below(3) }, () => systemRandom.uuid());
        const revisions = [
          ...rows.map(({ id, version }) => makeRevision({ resourceId: id, version })),
          ...extra.map((id) => makeRevision({ resourceId: id, version: 1 })),
        ];
        await appendRevisions(transaction, revisions);
        await transaction.query(pause, [random.next() * 0.02]);
        if (isRolledBack) throw new RolledBack();
      })
      .catch((error) => {
        if (!(error instanceof RolledBack)) throw error;
      });
    plane.feed.wake();
  }
}

class RolledBack extends Error {}
