import test from 'ava';
import { createLikeness } from '../../drivers/kubernetes/likeness.js';
import type { Json } from '../../lib/canonical.js';

const config = (name: string, replicas: number | null = 1): Json => ({
  metadata: { name, labels: { app: name, team: 'a' } },
  spec: { replicas, ports: [80, 443], paused: false, text: 'x'.repeat(500) },
});

test('a value of a shape that came before is told by what differs, and comes back as it was', (t) => {
  const likeness = createLikeness();
  t.is(likeness.describe(config('first')), null, 'nobody knows whether others are like it');
  const described = [config('model'), config('model'), config('other', 7), config('🙂"\n', null)].map((value) => {
    const description = likeness.describe(value) ?? '';
    t.true(description.length < 60, description);
    return { value, description };
  });
  for (const { value, description } of described) t.deepEqual(likeness.restore(description), value);
});

test('a number stays a number, also where a text before it is told by its place', (t) => {
  const likeness = createLikeness();
  const values = [
    { a: 'x', b: 'x', c: 0, d: 'x' },
    { a: 'x', b: 'x', c: 0, d: 'x' },
    { a: 'y', b: 'y', c: 1, d: null },
    { a: 0, b: 0, c: 0, d: false },
  ];
  for (const value of values.slice(0, 2)) likeness.describe(value);
  for (const value of values) t.deepEqual(likeness.restore(likeness.describe(value) ?? ''), value);
});

test('another shape is like nothing: other keys, another order, longer lists, something in the place of a leaf', (t) => {
  const likeness = createLikeness();
  for (let times = 0; times < 2; times += 1) likeness.describe({ a: 1, b: [1, 2], c: {} });
  const others: Json[] = [
    { a: 1, b: [1, 2] },
    { b: [1, 2], a: 1, c: {} },
    { a: 1, b: [1, 2, 3], c: {} },
    { a: 1, b: [1, { d: 1 }], c: {} },
    { a: 1, b: [1, 2], c: 1 },
    [1],
  ];
  for (const other of others) t.is(likeness.describe(other), null);
  const restored = likeness.restore(likeness.describe({ a: 1, b: [3, 2], c: {} }) ?? '');
  t.deepEqual(restored, { a: 1, b: [3, 2], c: {} });
});
