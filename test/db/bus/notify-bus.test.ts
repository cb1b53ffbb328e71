import anyTest, { type TestFn } from 'ava';
import { createNotifyBus } from '../../../db/bus/notify-bus.js';
import type { Bus } from '../../../db/bus.js';
import { systemClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.js';
import { eventually } from '../../helpers/eventually.js';
import { hear } from './hear.js';

const test = anyTest as TestFn<{ test: TestDatabase; buses: Bus[]; open: () => Bus }>;

test.beforeEach(async (t) => {
  const database = await createTestDatabase();
  const buses: Bus[] = [];
  const open = () => {
    const bus = createNotifyBus({ database: database.database, clock: systemClock, log: silentLog });
    buses.push(bus);
    return bus;
  };
  t.context = { test: database, buses, open };
});
test.afterEach.always(async (t) => {
  await Promise.all(t.context.buses.map((bus) => bus.close()));
  await t.context.test.drop();
});

test('brings what one server tells to all that listen to the channel, and to no other', async (t) => {
  const [one, other] = [t.context.open(), t.context.open()];
  const heard = await hear(other, 'a');
  const elsewhere = await hear(other, 'b');
  t.true(await one.publish('a', 'first'));
  t.true(await one.publish('a', 'second "quoted" \u{1f433}'));
  await heard.until(2);
  t.deepEqual(heard.messages, ['first', 'second "quoted" \u{1f433}']);
  t.deepEqual(elsewhere.messages, []);
});

test('cuts into parts what one NOTIFY cannot carry, and refuses what is too large', async (t) => {
  const [one, other] = [t.context.open(), t.context.open()];
  const heard = await hear(other, 'a');
  const messages = ['x'.repeat(7_799), 'x'.repeat(8_000), 'y'.repeat(300_000), '\u{1f433}'.repeat(3_000)];
  for (const message of messages) t.true(await one.publish('a', message));
  t.false(await one.publish('a', 'z'.repeat(2_000_000)));
  await heard.until(messages.length);
  t.deepEqual(heard.messages, messages);
});

test('listens again after its connection was cut, and says that something may have been missed', async (t) => {
  const bus = t.context.open();
  const heard = await hear(bus, 'a');
  const cut = `select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'portolan listener' and datname = current_database()`;
  await t.context.test.database.query({ name: 'test.cut', text: cut });
  await eventually(
    () => {
      if (heard.attachments() < 2) throw new Error('It is not attached again.');
    },
    { timeoutMs: 5_000 },
  );
  t.true(await bus.publish('a', 'after'));
  await heard.until(1);
  t.deepEqual(heard.messages, ['after']);
});
