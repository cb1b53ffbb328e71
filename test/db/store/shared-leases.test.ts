import anyTest, { type TestFn } from 'ava';
import { createTestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.beforeEach(async (t) => {
  t.context.plane = await createTestPlane();
});
test.afterEach.always((t) => t.context.plane?.drop());

const ttlMs = 60_000;
const keys = Array.from({ length: 8 }, (_, index) => `shard/${index}`);

function processes({ store, controller, rows }: WithPlane['plane']) {
  return {
    start: (holder: string, kinds = ['App']) => store.registerController({ holder, kinds, version: '1' }, controller),
    ask: (holder: string) => store.acquireLeases({ holder, keys, ttlMs }, controller),
    renew: (holder: string) => store.renewLeases({ holder, ttlMs }, controller),
    release: (holder: string, given: readonly string[], isLeaving = false) =>
      store.releaseLeases({ holder, keys: given, isLeaving }, controller),
    age: () => rows(`update controller set joined_at = now() - interval '1 hour'`),
  };
}

test('a second process claims its share, and gets it once the first one gives it back, with the next epoch', async (t) => {
  const { start, ask, renew, release, age } = processes(t.context.plane);
  await start('one');
  await start('two');
  t.is((await ask('one')).leases.length, 8);
  t.deepEqual(await ask('two'), { leases: [], claimed: 0 }, 'not as soon as it comes');
  await age();
  t.is((await ask('two')).claimed, 4);
  const claimed = (await renew('one')).filter(({ isClaimed }) => isClaimed).map(({ key }) => key);
  t.is(claimed.length, 4);
  t.is((await ask('two')).leases.length, 0, 'who holds it keeps it until it gives it back');
  await release('one', claimed);
  t.is((await ask('one')).leases.length, 4, 'and does not take it again');
  const { leases } = await ask('two');
  t.deepEqual(leases.map(({ key }) => key).sort(), claimed.sort());
  t.true(leases.every(({ epoch, isClaimed }) => epoch === 2 && !isClaimed));
  t.is((await ask('two')).claimed, 0);
});

test('what a process has that leaves goes to the others at once, and so does what one has that is not heard of any more', async (t) => {
  const { start, ask, release } = processes(t.context.plane);
  for (const holder of ['one', 'two', 'three']) await start(holder);
  await t.context.plane.rows("update controller set seen_until = now() + interval '1 hour', joined_at = now()");
  await ask('one');
  await ask('two');
  const { leases } = await ask('three');
  t.true(leases.length >= 2);
  await release('three', keys, true);
  await ask('one');
  t.is((await ask('one')).leases.length + (await ask('two')).leases.length, 8);
  await t.context.plane.rows(`update lease set expires_at = now() where holder = 'two'`);
  await t.context.plane.rows(`update controller set seen_until = now() where holder = 'two'`);
  t.is((await ask('one')).leases.length, 8);
});

test('who took all before it was registered shares it once it is, though it asks for nothing any more', async (t) => {
  const { start, ask, renew, age } = processes(t.context.plane);
  t.is((await ask('one')).leases.length, 8);
  await start('one');
  await start('two');
  await renew('one');
  await ask('two');
  await age();
  t.is((await ask('two')).claimed, 4);
});

test('processes of other kinds, and those that did not register, take what they find', async (t) => {
  const { start, ask, release } = processes(t.context.plane);
  await start('one');
  await start('other', ['Secret']);
  await ask('one');
  t.deepEqual(await ask('other'), { leases: [], claimed: 0 });
  await release('one', keys);
  t.is((await ask('other')).leases.length, 8);
  await release('other', keys);
  t.is((await ask('unknown')).leases.length, 8);
});
