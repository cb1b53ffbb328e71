import test from 'ava';
import { createChannel } from '../../lib/channel.js';

test('gives the reader what was pushed, in order, then ends', async (t) => {
  const channel = createChannel<number>({ limit: 10 });
  channel.push(1);
  channel.push(2);
  channel.end();
  const got: number[] = [];
  for await (const value of channel) got.push(value);
  t.deepEqual(got, [1, 2]);
});

test('a reader that waits is given the next value at once', async (t) => {
  const channel = createChannel<string>({ limit: 1 });
  const next = channel.next();
  channel.push('hello');
  t.deepEqual(await next, { value: 'hello', done: false });
});

test('return() detaches at once although a next() is pending, and the pending one ends', async (t) => {
  let closed = 0;
  const channel = createChannel<number>({ limit: 1, onClose: () => closed++ });
  const pending = channel.next();
  await channel.return();
  t.is(closed, 1);
  t.deepEqual(await pending, { value: undefined, done: true });
  channel.push(1);
  t.deepEqual(await channel.next(), { value: undefined, done: true });
  await channel.return();
  t.is(closed, 1);
});

test('beyond its bound the oldest value goes, and the owner is told', async (t) => {
  let overflows = 0;
  const channel = createChannel<number>({ limit: 2, onOverflow: () => overflows++ });
  for (const value of [1, 2, 3, 4]) channel.push(value);
  t.is(overflows, 2);
  t.is((await channel.next()).value, 3);
});

test('an error reaches the reader after what was pushed before it', async (t) => {
  const channel = createChannel<number>({ limit: 2 });
  channel.push(1);
  channel.end(new Error('cut'));
  t.is((await channel.next()).value, 1);
  await t.throwsAsync(() => channel.next(), { message: 'cut' });
  t.true((await channel.next()).done);
});
