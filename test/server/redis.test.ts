import { createTestDatabase } from '../helpers/database.js';
import { eventually } from '../helpers/eventually.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { needs } from '../helpers/needs.js';
import { startTestRedis } from '../helpers/redis.js';
import { startTestServer } from '../helpers/server.js';

const test = needs('redis');

test('nothing is lost or doubled while the Redis between two servers is flushed, paused, stopped and killed under load', async (t) => {
  const redis = await startTestRedis();
  const { connection, drop } = await createTestDatabase();
  const start = () => startTestServer(null, { connection, redisUrl: redis.url });
  const [writing, listening] = [await start(), await start()];
  t.teardown(async () => {
    await listening.close();
    await writing.close();
    await redis.close();
    await drop();
  });
  const bus = async () => {
    const response = await fetch(`${listening.url}/readyz`);
    const { checks } = (await response.json()) as { checks: { bus: string } };
    return `${response.status} ${checks.bus}`;
  };
  const becomes = (state: string) =>
    eventually(
      async () => {
        const found = await bus();
        if (found !== state) throw new Error(found);
      },
      { timeoutMs: 20_000 },
    );
  await becomes('200 ok');

  interface Change {
    readonly type: string;
    readonly revisions: readonly { readonly kind: string; readonly name: string }[];
  }
  const changes = listening.subscribe<{ changes: Change }>('subscription { changes { type revisions { kind name } } }');
  const live = listening.subscribe<{ tiers: { totalCount: number } }>('subscription { tiers { totalCount } }');
  t.is((await changes.next()).value?.data?.changes.type, 'SYNC');
  t.is((await live.next()).value?.data?.tiers.totalCount, 0);

  const disturbances: Readonly<Record<number, () => unknown>> = {
    10: () => redis.command('FLUSHALL'),
    20: () => redis.command('CLIENT', 'PAUSE', '500', 'ALL'),
    40: () => redis.pause(),
    50: () => redis.resume(),
    60: () => redis.kill(),
    90: () => redis.start(),
  };
  const names = Array.from({ length: 120 }, (_, index) => `tier-${String(index).padStart(3, '0')}`);
  const operator = { principalId: crypto.randomUUID(), name: 'operator', role: 'operator' } as const;
  const writes = (async () => {
    for (const [index, name] of names.entries()) {
      await disturbances[index]?.();
      await writing.store.commit(makeChangeset([makeEdit.tier(name)]), operator);
    }
  })();
  const seen: string[] = [];
  while (seen.length < names.length) {
    const { value } = await changes.next();
    const revisions: Change['revisions'] = value?.data?.changes.revisions ?? [];
    seen.push(...revisions.filter(({ kind }) => kind === 'Tier').map(({ name }) => name));
  }
  await writes;
  t.deepEqual(seen, names);
  let count = 0;
  while (count < names.length) count = (await live.next()).value?.data?.tiers.totalCount ?? count;
  t.is(count, names.length);
  await becomes('200 ok');
  await redis.kill();
  await becomes('200 degraded');
  const metrics = await (await fetch(`${listening.url}/metrics`)).text();
  t.true(metrics.includes('portolan_bus_degraded 1\n'));
  await changes.return?.();
  await live.return?.();
});
