import test from 'ava';
import { Client } from 'pg';
import { startFollower } from '../../crash/follower.js';
import { createUser } from '../../crash/user.js';
import type { DatabaseConnection } from '../../db/connection.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { createGraphClient } from '../../sdk/graph-client.js';
import { checkChanges } from '../../sim/history/check-changes.js';
import { checkLog } from '../../sim/history/check-log.js';
import { createTestDatabase } from '../helpers/database.js';
import { eventually } from '../helpers/eventually.js';
import { logOf } from '../helpers/log-of.js';
import { startTestServer } from '../helpers/server.js';
import type { RigServer } from './rig.js';
import { startServerProcess } from './server-process.js';

const connect = ({ url, operatorToken: token }: RigServer) =>
  createGraphClient({
    url,
    token,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    reconnectCapMs: 100,
  });

const tier = (order: number) => [{ op: 'APPLY' as const, kind: 'Tier', name: 'counter', spec: { order } }];

test('nothing is lost and nothing is done twice while Postgres ends its connections again and again', async (t) => {
  t.timeout(120_000);
  const server = await startTestServer(t);
  const client = connect(server);
  t.teardown(() => client.close());
  const cursor = await server.feed.head();
  const follower = startFollower(client, cursor);
  const users = Array.from({ length: 3 }, () => createUser(client));
  let isWriting = true;
  let order = 0;
  const writing = Promise.all(
    users.map(async (user, index) => {
      for (let each = 0; isWriting; each += 1) {
        order += 1;
        await user.apply(`user-${index}-${each}`, tier(order));
      }
    }),
  );
  const ended = await endBackends(server.connection, 20);
  isWriting = false;
  await writing;
  t.true(ended >= 20, `${ended} connections were ended`);

  const log = await logOf(server.database, BigInt(cursor.split(':')[1] ?? '0'));
  await eventually(() => follower.hasSeen(log.at(-1)?.seq ?? 0n) || Promise.reject(new Error('Not all was seen.')), {
    timeoutMs: 30_000,
  });
  t.deepEqual(checkLog(log, { isWhole: false }), []);
  t.deepEqual(checkChanges(log, follower.take(), { isCaughtUp: true }), []);
  const acknowledged = users.flatMap((user) => user.acknowledged().map(({ changesetId }) => changesetId));
  const stored = await server.database.query<{ id: string }>({
    name: 'test.changesets',
    text: 'select id from changeset',
  });
  t.deepEqual(stored.map(({ id }) => id).sort(), acknowledged.sort());
});

test('who follows a server that is killed goes on at another one, with the cursor that it has', async (t) => {
  t.timeout(120_000);
  const { connection, database, drop } = await createTestDatabase();
  t.teardown(drop);
  const [first, second] = [await startServerProcess(t, connection), await startServerProcess(t, connection)];
  const [one, two] = [connect(first), connect(second)];
  t.teardown(() => Promise.all([one.close(), two.close()]));
  const user = createUser(two);
  const cursor = await user.apply('begin', tier(0));
  const before = startFollower(one, cursor);
  let isWriting = true;
  const writing = (async () => {
    for (let order = 1; isWriting; order += 1) await user.apply(`change-${order}`, tier(order));
  })();
  const start = BigInt(cursor.split(':')[1] ?? '0');
  await eventually(() => before.hasSeen(start + 20n) || Promise.reject(new Error('It has seen too little.')), {
    timeoutMs: 30_000,
  });
  await first.kill();
  const after = startFollower(two, before.cursor());
  await eventually(
    () => after.hasSeen(BigInt(before.cursor().split(':')[1] ?? '0') + 20n) || Promise.reject(new Error('It stands.')),
    { timeoutMs: 30_000 },
  );
  isWriting = false;
  await writing;
  const log = await logOf(database, start);
  await eventually(() => after.hasSeen(log.at(-1)?.seq ?? 0n) || Promise.reject(new Error('Not all was seen.')), {
    timeoutMs: 30_000,
  });
  await before.close();
  const deliveries = [...before.take(), ...after.take()].filter(
    // It tries its own server again and again, from the same place.
    (delivery, index, all) => delivery.type !== 'subscribed' || all[index - 1]?.type !== 'subscribed',
  );
  t.deepEqual(checkChanges(log, deliveries, { isCaughtUp: true }), []);
});

/** Ends all connections of a database, `rounds` times; returns how many those were. */
async function endBackends(connection: DatabaseConnection, rounds: number): Promise<number> {
  const client = new Client({ ...connection, database: 'postgres' });
  await client.connect();
  let ended = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { rowCount } = await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
      [connection.database],
    );
    ended += rowCount ?? 0;
    // As long as it takes until somebody has a connection again, so that there is something to end.
    await eventually(
      async () => {
        const found = await client.query(`select from pg_stat_activity where datname = $1 and state is not null`, [
          connection.database,
        ]);
        if (!found.rowCount) throw new Error('Nobody is connected.');
      },
      { timeoutMs: 10_000 },
    );
  }
  await client.end();
  return ended;
}
