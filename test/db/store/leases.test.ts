import anyTest, { type TestFn } from 'ava';
import { BadInputError, ForbiddenError } from '../../../lib/errors.js';
import { createTestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

const ttlMs = 60_000;

test('of 20 that want one lease at once, one gets it', async (t) => {
  const { store, controller } = t.context.plane;
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      store.acquireLeases({ holder: `racer-${index}`, keys: ['contended'], ttlMs }, controller),
    ),
  );
  t.is(answers.filter(({ leases }) => leases.length === 1).length, 1);
});

test('a lease that expired goes to who asks next, with the next epoch, and its last holder cannot renew it', async (t) => {
  const { store, controller, rows } = t.context.plane;
  const keys = ['expiring'];
  const [first] = (await store.acquireLeases({ holder: 'slow', keys, ttlMs }, controller)).leases;
  t.deepEqual((await store.acquireLeases({ holder: 'quick', keys, ttlMs }, controller)).leases, []);
  await rows(`update lease set expires_at = now() where key = 'expiring'`);
  t.deepEqual(await store.renewLeases({ holder: 'slow', ttlMs }, controller), []);
  const [second] = (await store.acquireLeases({ holder: 'quick', keys, ttlMs }, controller)).leases;
  t.is(second?.epoch, (first?.epoch ?? 0) + 1);
  t.true((second?.ttlMs ?? 0) > ttlMs - 10_000 && (second?.ttlMs ?? 0) <= ttlMs);
});

test('renewing keeps the epoch of all that is held, and so does acquiring it again', async (t) => {
  const { store, controller } = t.context.plane;
  const keys = ['a', 'b', 'c'];
  const { leases: acquired } = await store.acquireLeases({ holder: 'keeper', keys, ttlMs: 10_000 }, controller);
  const renewed = await store.renewLeases({ holder: 'keeper', ttlMs }, controller);
  const epochs = (leases: typeof acquired) => leases.map(({ key, epoch }) => `${key} ${epoch}`).sort();
  t.deepEqual(epochs(renewed), epochs(acquired));
  t.true(renewed.every((lease) => lease.ttlMs > 10_000));
  t.deepEqual(
    epochs((await store.acquireLeases({ holder: 'keeper', keys, ttlMs }, controller)).leases),
    epochs(acquired),
  );
});

test('what was released is free at once, and what was not stays', async (t) => {
  const { store, controller } = t.context.plane;
  await store.acquireLeases({ holder: 'giver', keys: ['kept', 'given'], ttlMs }, controller);
  const left = await store.releaseLeases({ holder: 'giver', keys: ['given'] }, controller);
  t.deepEqual(
    left.map((lease) => lease.key),
    ['kept'],
  );
  const { leases: taken } = await store.acquireLeases({ holder: 'taker', keys: ['kept', 'given'], ttlMs }, controller);
  t.deepEqual(
    taken.map(({ key, epoch }) => ({ key, epoch })),
    [{ key: 'given', epoch: 2 }],
  );
});

test('somebody with another token cannot use a holder name of ours', async (t) => {
  const { store, controller, operator } = t.context.plane;
  await store.acquireLeases({ holder: 'named', keys: ['named'], ttlMs }, controller);
  const stranger = { ...controller, principalId: operator.principalId };
  t.deepEqual(await store.renewLeases({ holder: 'named', ttlMs }, stranger), []);
  t.deepEqual(await store.releaseLeases({ holder: 'named', keys: ['named'] }, stranger), []);
  t.deepEqual((await store.acquireLeases({ holder: 'named', keys: ['named'], ttlMs }, stranger)).leases, []);
  t.is((await store.renewLeases({ holder: 'named', ttlMs }, controller)).length, 1);
});

test('only a controller takes leases, for a while that is neither nothing nor for ever', async (t) => {
  const { store, controller, operator } = t.context.plane;
  const input = { holder: 'x', keys: ['x'], ttlMs };
  await t.throwsAsync(store.acquireLeases(input, operator), { instanceOf: ForbiddenError });
  for (const odd of [0, -1, 1.5, 86_400_000]) {
    await t.throwsAsync(store.acquireLeases({ ...input, ttlMs: odd }, controller), { instanceOf: BadInputError });
  }
  await t.throwsAsync(store.registerController({ holder: 'x', kinds: ['Nothing'], version: '1' }, controller), {
    instanceOf: BadInputError,
  });
});
