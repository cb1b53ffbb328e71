import test from 'ava';
import { BadInputError } from '../../lib/errors.js';
import { waves } from '../../model/order.js';

test('what nothing waits for comes in one wave, what waits comes after it', (t) => {
  const nodes = [
    { id: 'web', after: ['database', 'namespace'] },
    { id: 'database', after: ['namespace'] },
    { id: 'namespace', after: [] },
    { id: 'other', after: [] },
  ];
  t.deepEqual(waves(nodes), [['namespace', 'other'], ['database'], ['web']]);
});

test('an edge to something that is not ordered here holds nothing up', (t) => {
  t.deepEqual(waves([{ id: 'web', after: ['elsewhere'] }]), [['web']]);
});

test('a cycle is refused with the cycle printed', (t) => {
  const nodes = [
    { id: 'x', after: ['a'] },
    { id: 'a', after: ['b'] },
    { id: 'b', after: ['c'] },
    { id: 'c', after: ['a'] },
  ];
  const error = t.throws(() => waves(nodes), { instanceOf: BadInputError });
  t.regex(error.message, /a -> b -> c -> a/);
});

test('a thing that waits for itself is a cycle', (t) => {
  t.regex(t.throws(() => waves([{ id: 'a', after: ['a'] }]))?.message ?? '', /a -> a/);
});
