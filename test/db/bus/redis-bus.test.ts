import { createNotifyBus } from '../../../db/bus/notify-bus.js';
import { openRedisBus } from '../../../db/bus/redis-bus.js';
import type { Bus } from '../../../db/bus.js';
import { systemClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { systemRandom } from '../../../lib/random.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { eventually } from '../../helpers/eventually.js';
import { needs } from '../../helpers/needs.js';
import { startTestRedis, type TestRedis } from '../../helpers/redis.js';
import { hear } from './hear.js';

interface World {
  readonly test: TestDatabase;
  readonly redis: TestRedis;
  readonly open: () => Promise<Bus>;
  readonly buses: Bus[];
}
const test = needs<World>('redis');

test.beforeEach(async (t) => {
  const [database, redis] = await Promise.all([createTestDatabase(), startTestRedis()]);
  const buses: Bus[] = [];
  const open = async () => {
    const common = { clock: systemClock, log: silentLog };
    const fallback = createNotifyBus({ database: database.database, ...common });
    const { incarnation } = database.plane;
    const bus = await openRedisBus({ url: redis.url, incarnation, fallback, random: systemRandom, ...common });
    buses.push(bus);
    return bus;
  };
  t.context = { test: database, redis, open, buses };
});
test.afterEach.always(async (t) => {
  await Promise.all(t.context.buses.map((bus) => bus.close()));
  await Promise.all([t.context.test.drop(), t.context.redis.close()]);
});

const becomes = (bus: Bus, isDegraded: boolean) =>
  eventually(
    () => {
      if (bus.stats().isDegraded !== isDegraded) throw new Error(`isDegraded is not ${isDegraded}`);
    },
    { timeoutMs: 10_000 },
  );

test('brings messages of any size by Redis, while NOTIFY is silent', async (t) => {
  const [one, other] = [await t.context.open(), await t.context.open()];
  await Promise.all([becomes(one, false), becomes(other, false)]);
  const heard = await hear(other, 'a');
  const byNotify = await hear(createNotifying(t.context), 'a');
  const large = 'x'.repeat(3_000_000);
  t.true(await one.publish('a', 'first'));
  // A machine that is busy may be slower than Redis may be, and then NOTIFY is asked, which cannot carry it.
  await eventually(
    async () => {
      if (!(await one.publish('a', large))) throw new Error('It was not taken.');
    },
    { timeoutMs: 30_000, everyMs: 500 },
  );
  await heard.until(2);
  t.is(heard.messages[0], 'first');
  t.true(heard.messages.slice(1).every((message) => message === large));
  t.deepEqual(byNotify.messages, []);
});

const disturbances: Readonly<
  Record<string, { begin(redis: TestRedis): unknown; end(redis: TestRedis): unknown; isNoticed: boolean }>
> = {
  flushed: { begin: (redis) => redis.command('FLUSHALL'), end: () => {}, isNoticed: false },
  'paused by a command': {
    begin: (redis) => redis.command('CLIENT', 'PAUSE', '6000', 'ALL'),
    end: () => {},
    isNoticed: true,
  },
  'stopped as a process': { begin: (redis) => redis.pause(), end: (redis) => redis.resume(), isNoticed: true },
  killed: { begin: (redis) => redis.kill(), end: (redis) => redis.start(), isNoticed: true },
};

for (const [name, { begin, end, isNoticed }] of Object.entries(disturbances)) {
  test(`brings each message, whatever else, while Redis is ${name} and after it`, async (t) => {
    const [one, other] = [await t.context.open(), await t.context.open()];
    await Promise.all([becomes(one, false), becomes(other, false)]);
    const heard = await hear(other, 'a');
    const has = (message: string) =>
      eventually(
        () => {
          if (!heard.messages.includes(message)) throw new Error(`${message} did not come`);
        },
        { timeoutMs: 10_000 },
      );
    await begin(t.context.redis);
    for (const message of ['1', '2', '3']) {
      t.true(await one.publish('a', message));
      await has(message);
    }
    if (isNoticed) t.true(one.stats().isDegraded);
    await end(t.context.redis);
    await Promise.all([becomes(one, false), becomes(other, false)]);
    t.true(await one.publish('a', 'after'));
    await has('after');
    if (isNoticed) t.true(heard.attachments() > 1, 'something may have been missed');
  });
}

test('a Redis that is not there at the start is no failure, and is taken when it comes', async (t) => {
  const { redis } = t.context;
  await redis.kill();
  const [one, other] = [await t.context.open(), await t.context.open()];
  const heard = await hear(other, 'a');
  t.true(await one.publish('a', 'without'));
  await heard.until(1);
  t.true(one.stats().isDegraded);
  await redis.start();
  await Promise.all([becomes(one, false), becomes(other, false)]);
  t.true(await one.publish('a', 'with'));
  await heard.until(2);
  t.deepEqual(heard.messages, ['without', 'with']);
});

function createNotifying({ test: { database }, buses }: World): Bus {
  const bus = createNotifyBus({ database, clock: systemClock, log: silentLog });
  buses.push(bus);
  return bus;
}
