import test from 'ava';
import { startFollower } from '../../crash/follower.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { createSeededRandom, systemRandom } from '../../lib/random.js';
import { WatchDocument, type WatchSubscription } from '../../sdk/generated/operations.js';
import { createGraphClient, type GraphClient } from '../../sdk/graph-client.js';
import { checkChanges } from '../../sim/history/check-changes.js';
import { checkLive } from '../../sim/history/check-live.js';
import { checkLog } from '../../sim/history/check-log.js';
import { checkWatch } from '../../sim/history/check-watch.js';
import type { LiveDelivery, WatchDelivery } from '../../sim/history/delivery.js';
import { startCuttingProxy } from '../helpers/cutting-proxy.js';
import { eventually } from '../helpers/eventually.js';
import { logOf } from '../helpers/log-of.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { startTestServer, type TestServer } from '../helpers/server.js';

const CUTS = 1_000;
const operator = { principalId: crypto.randomUUID(), name: 'operator', role: 'operator' } as const;

test('1,000 forced disconnects under load: changes has no gap, no duplicate and no disorder, watches wake, live reads end with the truth', async (t) => {
  t.timeout(180_000);
  const server = await startTestServer(t);
  const proxy = await startCuttingProxy({ port: server.port, random: createSeededRandom(1), mostBytes: 4_000 });
  t.teardown(() => proxy.close());
  const clients: GraphClient[] = [];
  t.teardown(() => Promise.all(clients.map((client) => client.close())));
  const connect = (token: string) => {
    const shared = { clock: systemClock, random: systemRandom, log: silentLog, reconnectCapMs: 20 };
    const client = createGraphClient({ url: `http://127.0.0.1:${proxy.port}`, token, ...shared });
    clients.push(client);
    return client;
  };

  for (const name of ['counter', 'other', 'third']) await commit(server, name, 0);
  const cursor = await server.feed.head();
  const start = BigInt(cursor.split(':')[1] ?? '0');
  const followers = Array.from({ length: 8 }, () => startFollower(connect(server.operatorToken), cursor));
  const watches = Array.from({ length: 2 }, () => followWatch(connect(server.controllerToken)));
  const lives = Array.from({ length: 2 }, () => followLive(connect(server.operatorToken)));

  const states = ['{"resource":{"document":{"order":0}}}'];
  let isWriting = true;
  const write = async (name: string, onWritten: (order: number) => void) => {
    for (let order = 1; isWriting; order += 1) {
      onWritten(order);
      await commit(server, name, order, watches);
    }
  };
  const writing = Promise.all([
    write('counter', (order) => states.push(`{"resource":{"document":{"order":${order}}}}`)),
    write('other', () => {}),
    write('third', () => {}),
  ]);
  await eventually(() => proxy.cuts() >= CUTS || Promise.reject(new Error(`${proxy.cuts()} cuts`)), {
    timeoutMs: 120_000,
  });
  isWriting = false;
  await writing;
  proxy.spare();

  const log = await logOf(server.database, start);
  const newest = log.at(-1)?.seq ?? 0n;
  const final = states.at(-1) ?? '';
  const lastTexts = () => lives.map(({ deliveries }) => deliveries.findLast(({ type }) => type === 'answer'));
  await eventually(
    () => {
      if (!followers.every((follower) => follower.hasSeen(newest))) throw new Error('Not all followers are there.');
      if (watches.some(({ deliveries }) => checkWatch(deliveries).length > 0)) throw new Error('Not all were woken.');
      for (const last of lastTexts()) if (last?.type !== 'answer' || last.text !== final) throw new Error(`${last}`);
    },
    { timeoutMs: 30_000, everyMs: 100 },
  ).catch(() => {});
  t.deepEqual(checkLog(log, { isWhole: false }), []);
  for (const follower of followers) t.deepEqual(checkChanges(log, follower.take(), { isCaughtUp: true }), []);
  for (const { deliveries } of watches) t.deepEqual(checkWatch(deliveries), []);
  for (const { deliveries } of lives) t.deepEqual(checkLive(deliveries, { final, states }), []);
  t.true(log.length > 100, `${log.length} commits`);
});

interface Recorded<Delivery> {
  readonly deliveries: Delivery[];
}

/** Makes a tier, or changes it: then what watches have to be woken for is noted before. */
async function commit(
  { store }: TestServer,
  name: string,
  order: number,
  watches: readonly Recorded<WatchDelivery>[] = [],
): Promise<void> {
  const id = ids.get(name);
  if (id) for (const { deliveries } of watches) deliveries.push({ type: 'began', id, isRemoved: false });
  const { edits } = await store.commit(
    makeChangeset([makeEdit.tier(name, { op: 'apply', spec: { order } })]),
    operator,
  );
  ids.set(name, edits[0]?.resourceId ?? '');
}

const ids = new Map<string, string>();

function followWatch(client: GraphClient): Recorded<WatchDelivery> {
  const deliveries: WatchDelivery[] = [];
  const wakes = client.subscribe<WatchSubscription, object>(WatchDocument, () => {
    deliveries.push({ type: 'subscribed' });
    return { kinds: ['Tier'] };
  });
  void (async () => {
    for await (const { watch } of wakes) {
      if (watch.type === 'SYNC') deliveries.push({ type: 'SYNC' });
      else deliveries.push({ type: 'CHANGED', id: watch.id ?? '', isRemoved: watch.isRemoved === true });
    }
  })();
  return { deliveries };
}

function followLive(client: GraphClient): Recorded<LiveDelivery> {
  const deliveries: LiveDelivery[] = [];
  const answers = client.subscribe<object, object>(
    'subscription { resource(kind: "Tier", name: "counter") { document } }',
    () => {
      deliveries.push({ type: 'subscribed' });
      return {};
    },
  );
  void (async () => {
    for await (const answer of answers) deliveries.push({ type: 'answer', text: JSON.stringify(answer) });
  })();
  return { deliveries };
}
