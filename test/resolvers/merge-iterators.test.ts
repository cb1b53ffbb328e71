import test from 'ava';
import { createChannel } from '../../lib/channel.js';
import { mergeIterators } from '../../resolvers/merge-iterators.js';

const channel = (closed: string[] = [], name = '') =>
  createChannel<string>({ limit: 100, onClose: () => closed.push(name) });

test('values come as they are given, and the end comes with the last source', async (t) => {
  const [a, b] = [channel(), channel()];
  const merged = mergeIterators([a, b]);
  const first = merged.next();
  b.push('b1');
  t.is((await first).value, 'b1');
  a.push('a1');
  a.end();
  t.is((await merged.next()).value, 'a1');
  const last = merged.next();
  b.end();
  t.true((await last).done);
  t.true((await merged.next()).done);
});

test('a source that always has something keeps no other from being heard', async (t) => {
  const [loud, quiet] = [channel(), channel()];
  for (let number = 0; number < 50; number++) loud.push('loud');
  for (let number = 0; number < 5; number++) quiet.push('quiet');
  const merged = mergeIterators([loud, quiet]);
  const heard: unknown[] = [];
  for (let number = 0; number < 10; number++) heard.push((await merged.next()).value);
  t.is(heard.filter((value) => value === 'quiet').length, 5);
});

test('a source that comes later is heard, also while the reader waits', async (t) => {
  const [a, b] = [channel(), channel()];
  const merged = mergeIterators([a]);
  const first = merged.next();
  b.push('b1');
  merged.add(b);
  t.is((await first).value, 'b1');
});

test('who leaves leaves all sources at once, and those that come after', async (t) => {
  const closed: string[] = [];
  let closes = 0;
  const merged = mergeIterators([channel(closed, 'a'), channel(closed, 'b')], () => closes++);
  const pending = merged.next();
  await Promise.resolve();
  await merged.return?.();
  t.true((await pending).done);
  merged.add(channel(closed, 'late'));
  t.deepEqual(closed, ['a', 'b', 'late']);
  t.is(closes, 1);
});

test('a source that fails ends them all', async (t) => {
  const closed: string[] = [];
  const [a, b] = [channel(closed, 'a'), channel(closed, 'b')];
  const merged = mergeIterators([a, b]);
  const first = merged.next();
  a.end(new Error('broken'));
  await t.throwsAsync(first, { message: 'broken' });
  t.true((await merged.next()).done);
  t.deepEqual(closed.sort(), ['a', 'b']);
});

test('nothing is taken from a source before it is asked for', async (t) => {
  let taken = 0;
  const source: AsyncIterator<number> = { next: async () => ({ value: taken++, done: false }) };
  const merged = mergeIterators([source]);
  await merged.next();
  await new Promise(setImmediate);
  t.is(taken, 1);
});
