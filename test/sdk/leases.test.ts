import test from 'ava';
import { createManualClock, sleep } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { createSdk } from '../../sdk/client.js';
import type { GraphClient } from '../../sdk/graph-client.js';
import { createLeases } from '../../sdk/runtime/leases.js';
import { FakePlane, flush } from './fake-plane.js';

function make() {
  const clock = createManualClock();
  const plane = new FakePlane(clock);
  const step = async (byMs: number) => {
    for (let left = byMs; left > 0; left -= 1_000) {
      clock.step(Math.min(left, 1_000));
      await flush();
    }
  };
  const open = (holder: string, processClock = clock, client = plane.client()) => {
    const acquired: string[] = [];
    const lost: string[] = [];
    const leases = createLeases({
      sdk: createSdk(client),
      holder,
      clock: processClock,
      log: silentLog,
      onAcquired: (key) => acquired.push(key),
      onLost: (key) => lost.push(key),
    });
    return { leases, acquired, lost };
  };
  return { clock, plane, step, open };
}

test('keys that are wanted at the same time are acquired by one request', async (t) => {
  const { plane, step, open } = make();
  const { leases, acquired } = open('one');
  for (let shard = 0; shard < 100; shard += 1) leases.want(`shard/${shard}`);
  await step(1);
  t.is(acquired.length, 100);
  t.is(plane.count('AcquireLeases'), 1);
});

test('all leases of a process are renewed by one request, and so are held for as long as it runs', async (t) => {
  const { plane, step, open } = make();
  const { leases, lost } = open('one');
  leases.want('shard/1');
  leases.want('shard/2');
  await step(1);
  const signal = leases.held('shard/1')?.signal;
  await step(60_000);
  t.is(plane.count('RenewLeases'), 12);
  t.false(signal?.aborted);
  t.deepEqual(lost, []);
});

test('what is held is renewed while more and more is acquired of a slow server', async (t) => {
  const { plane, clock, step, open } = make();
  const prompt = plane.client();
  const slow: GraphClient = {
    ...prompt,
    async execute<Result, Variables extends object>(...call: Parameters<GraphClient['execute']>) {
      await sleep(clock, 2_000);
      return prompt.execute<Result, Variables>(call[0], call[1] as Variables, call[2]);
    },
  };
  const { leases, lost } = open('one', clock, slow);
  for (let shard = 0; shard < 60; shard += 1) {
    leases.want(`shard/${shard}`);
    await step(1_000);
  }
  t.deepEqual(lost, []);
  t.truthy(leases.held('shard/0'));
});

test('a deadline counts from the moment the request was sent, less a margin', async (t) => {
  const { clock, step, open } = make();
  const { leases } = open('one');
  leases.want('shard/1');
  const sentMs = clock.now();
  await step(1);
  t.is(leases.held('shard/1')?.lease.deadlineMs, sentMs + 12_000);
});

test('while the server is away a lease is lost at its deadline, its signal aborts, and it is had again once the server is back', async (t) => {
  const { plane, step, open } = make();
  const { leases, acquired, lost } = open('one');
  leases.want('shard/1');
  await step(1);
  const held = leases.held('shard/1');
  plane.isAway = true;
  await step(11_000);
  t.false(held?.signal.aborted, 'not before the deadline');
  await step(1_000);
  t.true(held?.signal.aborted);
  t.is(held?.lease.deadlineMs, 0);
  t.is(leases.held('shard/1'), null);
  t.deepEqual(lost, ['shard/1']);
  plane.isAway = false;
  await step(5_000);
  t.deepEqual(acquired, ['shard/1', 'shard/1']);
  t.truthy(leases.held('shard/1'));
});

test('a second process gets a lease only once the first one is silent for its whole time', async (t) => {
  const { plane, step, open } = make();
  const one = open('one');
  const two = open('two');
  one.leases.want('shard/1');
  await step(1);
  two.leases.want('shard/1');
  await step(60_000);
  t.deepEqual(two.acquired, [], 'it is renewed by the other');
  await one.leases.close();
  await step(5_000);
  t.deepEqual(two.acquired, ['shard/1']);
  t.is(plane.leases.get('shard/1')?.epoch, 2);
});

test('a lease that another process took is lost, and the epoch of the new holder is higher', async (t) => {
  const { plane, clock, step, open } = make();
  const { leases, lost } = open('one');
  leases.want('shard/1');
  await step(1);
  const held = leases.held('shard/1');
  plane.leases.set('shard/1', { holder: 'other', epoch: 7, expiresMs: clock.now() + 100_000 });
  await step(5_000);
  t.deepEqual(lost, ['shard/1']);
  t.true(held?.signal.aborted);
});

test('a machine whose wall clock jumped past the deadline does not act, though its monotonic clock stood still', async (t) => {
  const { clock, step, open } = make();
  let jumpMs = 0;
  const { leases } = open('one', { ...clock, now: () => clock.now() + jumpMs });
  leases.want('shard/1');
  await step(1);
  t.truthy(leases.held('shard/1'));
  jumpMs = 3_600_000;
  t.is(leases.held('shard/1'), null);
});

test('a key that nothing needs any more is given back', async (t) => {
  const { plane, step, open } = make();
  const one = open('one');
  one.leases.want('shard/1');
  await step(1);
  one.leases.unwant('shard/1');
  await step(1);
  t.is(plane.leases.get('shard/1')?.expiresMs, 0);
  t.deepEqual(one.lost, [], 'giving back is not losing');
});

test('a key that another process claims is given back once nothing runs under it, and nothing begins meanwhile', async (t) => {
  const { plane, step, open } = make();
  const { leases, lost } = open('one');
  leases.want('shard/1');
  await step(1);
  const held = leases.held('shard/1');
  const ended = held?.use();
  plane.claimed.add('shard/1');
  await step(5_000);
  t.is(leases.held('shard/1'), null);
  t.deepEqual(
    leases.inUse().map(({ key }) => key),
    ['shard/1'],
    'what runs may write',
  );
  t.false(held?.signal.aborted);
  ended?.();
  await step(1_001);
  t.true(held?.signal.aborted);
  t.is(plane.leases.get('shard/1')?.expiresMs, 0);
  t.deepEqual(leases.stats(), { held: 0, lost: 0, given: 1 });
  t.deepEqual(lost, []);
});

test('what runs under a key that another process claims is aborted after a while', async (t) => {
  const { plane, step, open } = make();
  const { leases } = open('one');
  leases.want('shard/1');
  await step(1);
  const held = leases.held('shard/1');
  held?.use();
  plane.claimed.add('shard/1');
  await step(14_000);
  t.false(held?.signal.aborted);
  await step(2_000);
  t.true(held?.signal.aborted);
  t.is(held?.lease.deadlineMs, 0);
  t.not(plane.leases.get('shard/1')?.expiresMs, 0, 'and may still end');
  await step(2_000);
  t.is(plane.leases.get('shard/1')?.expiresMs, 0);
});

test('who claims keys asks for them again soon', async (t) => {
  const { plane, clock, step, open } = make();
  plane.leases.set('shard/1', { holder: 'other', epoch: 1, expiresMs: clock.now() + 100_000 });
  plane.claimed.add('shard/1');
  const { leases } = open('one');
  leases.want('shard/1');
  await step(4_000);
  t.true(plane.count('AcquireLeases') >= 4);
});

test('close aborts what runs and gives every lease back', async (t) => {
  const { plane, step, open } = make();
  const { leases } = open('one');
  leases.want('shard/1');
  leases.want('shard/2');
  await step(1);
  const signal = leases.held('shard/1')?.signal;
  await leases.close();
  t.true(signal?.aborted);
  t.deepEqual(
    [...plane.leases.values()].map((lease) => lease.expiresMs),
    [0, 0],
  );
});

test('a lease that is given while its process closes is given back too', async (t) => {
  const { plane, clock, open } = make();
  const { leases } = open('one');
  leases.want('shard/1');
  clock.step(0);
  await leases.close();
  t.is(plane.count('AcquireLeases'), 1);
  t.is(plane.leases.get('shard/1')?.expiresMs, 0);
});

test('a lease whose return failed is not kept by the renewals of others', async (t) => {
  const { plane, step, open } = make();
  const { leases } = open('one');
  leases.want('shard/1');
  leases.want('shard/2');
  await step(1);
  plane.isAway = true;
  leases.unwant('shard/1');
  await step(1_000);
  plane.isAway = false;
  await step(10_000);
  t.is(plane.leases.get('shard/1')?.expiresMs, 0);
  t.truthy(leases.held('shard/2'));
});
