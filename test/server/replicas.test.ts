import test from 'ava';
import { type Clock, systemClock } from '../../lib/clock.js';
import { createTestDatabase } from '../helpers/database.js';
import { startTestServer } from '../helpers/server.js';

test('who listens at one server is told at once what another one wrote', async (t) => {
  const { connection, drop } = await createTestDatabase();
  const writing = await startTestServer(null, { connection });
  const { clock, polls } = withoutPolls();
  const listening = await startTestServer(null, { connection, clock });
  t.teardown(async () => {
    await listening.close();
    await writing.close();
    await drop();
  });
  const live = listening.subscribe<{ tiers: { totalCount: number } }>('subscription { tiers { totalCount } }');
  t.is((await live.next()).value?.data?.tiers.totalCount, 0);
  const watch = listening.subscribe<{ watch: { type: string; kind: string | null } }>(
    'subscription { watch(kinds: ["Tier"]) { type kind } }',
    {},
    listening.controllerToken,
  );
  t.is((await watch.next()).value?.data?.watch.type, 'SYNC');

  const made = await writing.query('mutation { createTier(input: { name: "dev", spec: { order: 1 } }) { name } }');
  t.is(made.errors, undefined);
  t.deepEqual((await watch.next()).value?.data?.watch, { type: 'CHANGED', kind: 'Tier' });
  t.is((await live.next()).value?.data?.tiers.totalCount, 1);
  t.true(polls() > 0, 'it would have looked by itself');
  await watch.return?.();
  await live.return?.();
});

/** A clock on which the feed never gets to look by itself, and how often it asked to. */
function withoutPolls() {
  let count = 0;
  const clock: Clock = {
    ...systemClock,
    after(ms, run) {
      if (ms !== FEED_POLL_MS) return systemClock.after(ms, run);
      count += 1;
      return () => {};
    },
  };
  return { clock, polls: () => count };
}

const FEED_POLL_MS = 3_000;
