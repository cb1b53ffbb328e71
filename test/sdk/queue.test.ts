import test from 'ava';
import { createManualClock } from '../../lib/clock.js';
import { createSeededRandom } from '../../lib/random.js';
import { WorkQueue } from '../../sdk/runtime/queue.js';

function make(backoff = { baseMs: 1_000, capMs: 60_000 }) {
  const clock = createManualClock();
  let readied = 0;
  const queue = new WorkQueue({ clock, random: createSeededRandom(1), backoff, onReady: () => (readied += 1) });
  const takeAll = () => {
    const keys: string[] = [];
    for (let key = queue.take(); key !== null; key = queue.take()) keys.push(key);
    return keys;
  };
  return { clock, queue, takeAll, readied: () => readied };
}

test('a key that is added many times is taken once', (t) => {
  const { queue, takeAll } = make();
  for (let times = 0; times < 100; times += 1) queue.add('a');
  t.deepEqual(takeAll(), ['a']);
});

test('a key has one holder, and runs again when it was dirtied in flight', (t) => {
  const { queue, takeAll } = make();
  queue.add('a');
  t.is(queue.take(), 'a');
  queue.add('a');
  t.is(queue.take(), null, 'it is in flight');
  queue.done('a');
  t.deepEqual(takeAll(), ['a']);
  queue.done('a');
  t.deepEqual(queue.sizes(), { ready: 0, inFlight: 0, delayed: 0 });
});

test('a failed key comes back after a backoff that doubles up to its cap', (t) => {
  const { clock, queue } = make();
  queue.add('a');
  const seen: number[] = [];
  for (let failures = 1; failures <= 9; failures += 1) {
    t.is(queue.take(), 'a');
    const result = queue.failed('a');
    t.is(result.failures, failures);
    const fullMs = Math.min(60_000, 1_000 * 2 ** (failures - 1));
    t.true(result.delayMs >= fullMs / 2 && result.delayMs <= fullMs, `${result.delayMs} of ${fullMs}`);
    seen.push(result.delayMs);
    clock.step(result.delayMs - 1);
    t.is(queue.take(), null, 'not yet');
    clock.step(1);
  }
  t.true(Math.max(...seen) <= 60_000);
});

test('a success forgets the failures', (t) => {
  const { clock, queue } = make();
  queue.add('a');
  queue.take();
  queue.failed('a');
  clock.step(60_000);
  queue.take();
  queue.done('a');
  t.is(queue.failures('a'), 0);
});

test('a change shortens a long backoff to one second, and not to nothing', (t) => {
  const { clock, queue } = make({ baseMs: 60_000, capMs: 60_000 });
  queue.add('a');
  queue.take();
  queue.failed('a');
  queue.add('a');
  t.is(queue.take(), null, 'a pass that wakes itself must not spin');
  clock.step(999);
  t.is(queue.take(), null);
  clock.step(1);
  t.is(queue.take(), 'a');
});

test('of two delays the earlier one counts, and a change comes before both', (t) => {
  const { clock, queue } = make();
  queue.addAfter('a', 10_000);
  queue.addAfter('a', 1_000);
  queue.addAfter('a', 5_000);
  clock.step(1_000);
  t.is(queue.take(), 'a');
  queue.done('a');
  clock.step(60_000);
  t.is(queue.take(), null, 'the others are gone');
  queue.addAfter('b', 10_000);
  queue.add('b');
  t.is(queue.take(), 'b');
});

test('a delay that was asked for in flight begins when the key is put back', (t) => {
  const { clock, queue } = make();
  queue.add('a');
  queue.take();
  queue.addAfter('a', 2_000);
  clock.step(5_000);
  queue.done('a');
  t.is(queue.take(), null);
  clock.step(2_000);
  t.is(queue.take(), 'a');
});

test('projects take turns, however many keys one of them has', (t) => {
  const { queue, takeAll } = make();
  for (const key of ['a1', 'a2', 'a3', 'a4', 'a5']) queue.add(key, 'big');
  queue.add('b1', 'small');
  queue.add('c1', 'tiny');
  t.deepEqual(takeAll(), ['a1', 'b1', 'c1', 'a2', 'a3', 'a4', 'a5']);
});

test('fresh changes go before retries, but a retry is not starved', (t) => {
  const { clock, queue } = make();
  queue.add('retry');
  queue.take();
  queue.failed('retry');
  for (let number = 1; number <= 12; number += 1) queue.add(`fresh${number}`);
  clock.step(1_000);
  const order: (string | null)[] = [];
  for (let taken = 0; taken < 13; taken += 1) order.push(queue.take());
  const place = order.indexOf('retry');
  t.true(place > 0 && place <= 8, `place ${place}`);
});

test('a forgotten key is not taken again, not even when it is put back', (t) => {
  const { clock, queue } = make();
  queue.add('ready');
  queue.addAfter('delayed', 1_000);
  queue.add('held');
  t.is(queue.take(), 'ready');
  t.is(queue.take(), 'held');
  queue.add('ready');
  for (const key of ['ready', 'delayed', 'held']) queue.forget(key);
  queue.done('ready');
  queue.done('held');
  clock.step(60_000);
  t.is(queue.take(), null);
  t.deepEqual(queue.sizes(), { ready: 0, inFlight: 0, delayed: 0 });
});

test('it is as large as the number of its keys', (t) => {
  const { queue } = make();
  for (let round = 0; round < 50; round += 1) {
    for (let key = 0; key < 20; key += 1) {
      queue.add(`key${key}`, `project${key % 3}`);
      queue.addAfter(`key${key}`, round * 10);
    }
  }
  t.deepEqual(queue.sizes(), { ready: 20, inFlight: 0, delayed: 0 });
});

test('whoever works is told when a key becomes ready', (t) => {
  const { clock, queue, readied } = make();
  queue.addAfter('a', 1_000);
  t.is(readied(), 0);
  clock.step(1_000);
  t.is(readied(), 1);
});

test('a group that is passed over keeps its keys and its turn, and delays no other', (t) => {
  const { queue } = make();
  for (const key of ['a1', 'a2', 'a3']) queue.add(key, 'a');
  queue.add('b1', 'b');
  const isOpen = (group: string) => group !== 'a';
  t.is(queue.take(isOpen), 'b1');
  t.is(queue.take(isOpen), null);
  t.deepEqual(queue.sizes(), { ready: 3, inFlight: 1, delayed: 0 });
  t.is(queue.take(), 'a1');
});

test('a retry that is passed over does not keep a fresh change of another group waiting', (t) => {
  const { clock, queue } = make();
  queue.add('a', 'a');
  queue.take();
  queue.failed('a');
  clock.step(60_000);
  queue.add('b', 'b');
  t.is(
    queue.take((group) => group !== 'a'),
    'b',
  );
  t.is(queue.take(), 'a');
});

test('what was changed goes before what came new, both before whole lists, and retries come last', (t) => {
  const { clock, queue, takeAll } = make();
  queue.addAfter('retry', 1);
  clock.step(1);
  queue.add('list', '', 'backlog');
  queue.add('new', '', 'fresh');
  queue.add('change', '', 'urgent');
  t.deepEqual(takeAll(), ['change', 'new', 'list', 'retry']);
});

test('no lane waits for more than eight keys of those before it', (t) => {
  const { queue, takeAll } = make();
  for (let index = 0; index < 20; index += 1) {
    queue.add(`change-${index}`, '', 'urgent');
    queue.add(`list-${index}`, '', 'backlog');
  }
  const taken = takeAll();
  t.is(taken.indexOf('list-0'), 8);
  t.is(taken.indexOf('list-1'), 17);
});

test('a key of a list that is changed overtakes the list, and a list does not put back what was changed', (t) => {
  const { queue, takeAll } = make();
  for (const key of ['a', 'b', 'c']) queue.add(key, '', 'backlog');
  queue.add('c', '', 'urgent');
  queue.add('c', '', 'backlog');
  t.deepEqual(takeAll(), ['c', 'a', 'b']);
  queue.add('a', '', 'backlog');
  queue.add('b', '', 'fresh');
  queue.add('a', '', 'urgent');
  for (const key of ['a', 'b', 'c']) queue.done(key);
  t.deepEqual(takeAll(), ['a', 'b']);
});
