import test from 'ava';
import type { ClusterEvent } from '../../../controllers/cluster/cluster-event.js';
import { createEventQueue } from '../../../controllers/cluster/event-queue.js';
import { createManualClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import type { EventReport } from '../../../sdk/resource.js';
import { eventually } from '../../helpers/eventually.js';

const at = '2026-01-01T00:00:00Z';
const event = (uid: number, name = 'web'): ClusterEvent => ({
  uid: String(uid),
  resourceVersion: String(uid),
  type: 'Normal',
  reason: 'Pulled',
  message: '',
  count: 1,
  firstAt: at,
  lastAt: at,
  about: { apiVersion: 'v1', kind: 'Pod', namespace: 'dev', name, uid: name, title: `Pod/dev/${name}` },
});

function createRig(record: (workloadId: string, events: readonly EventReport[]) => Promise<void>) {
  const clock = createManualClock();
  const queue = createEventQueue({
    clock,
    log: silentLog,
    signal: new AbortController().signal,
    owners: { find: async ({ name }) => ({ workloadId: `w-${name}`, title: 'Deployment/dev/web' }) },
    record,
  });
  return { clock, queue };
}

test('what waits is told once a second, at most five hundred at once', async (t) => {
  const calls: number[] = [];
  const { clock, queue } = createRig(async (_id, events) => void calls.push(events.length));
  for (let uid = 0; uid < 1200; uid++) queue.add(event(uid));
  for (const total of [500, 1000, 1200]) {
    await eventually(
      () => {
        clock.step(1000);
        const told = calls.reduce((sum, each) => sum + each, 0);
        if (told < total) throw new Error(`${told} were told.`);
      },
      { timeoutMs: 5_000 },
    );
  }
  t.deepEqual(calls, [500, 500, 200]);
  await queue.close();
});

test('events of many workloads are told a hundred workloads a second', async (t) => {
  const told: string[] = [];
  const { clock, queue } = createRig(async (workloadId) => void told.push(workloadId));
  for (let uid = 0; uid < 250; uid++) queue.add(event(uid, `n${uid}`));
  for (const total of [100, 200, 250]) {
    clock.step(1000);
    await eventually(
      () => {
        if (told.length < total) throw new Error(`${told.length} were told.`);
      },
      { timeoutMs: 5_000 },
    );
    t.is(told.length, total);
    // The next round is asked for only when this one is over.
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.is(new Set(told).size, 250);
  await queue.close();
});

test('of a storm that is longer than what may wait, the newest are told', async (t) => {
  const told: string[] = [];
  const { clock, queue } = createRig(
    async (_id, events) => void told.push(...events.map(({ outside }) => outside?.id ?? '')),
  );
  for (let uid = 0; uid < 20_100; uid++) queue.add(event(uid));
  await eventually(
    () => {
      clock.step(1000);
      if (told.length < 20_000) throw new Error(`${told.length} were told.`);
    },
    { timeoutMs: 10_000 },
  );
  t.is(told[0], '100');
  t.is(told.length, 20_000);
  await queue.close();
});

test('what was told before a failure is not told again, and the rest is, later and later', async (t) => {
  const told: string[] = [];
  let isAway = true;
  const { clock, queue } = createRig(async (workloadId) => {
    if (workloadId === 'w-b' && isAway) throw new Error('The server is away.');
    told.push(workloadId);
  });
  for (const [uid, name] of ['a', 'b', 'c'].entries()) queue.add(event(uid, name));
  clock.step(1000);
  await eventually(
    () => {
      if (told.length < 1) throw new Error('Nothing was told.');
    },
    { timeoutMs: 5_000 },
  );
  isAway = false;
  await eventually(
    () => {
      clock.step(2000);
      if (told.length < 3) throw new Error(`${told.length} were told.`);
    },
    { timeoutMs: 5_000 },
  );
  t.deepEqual(told, ['w-a', 'w-b', 'w-c']);
  await queue.close();
});
