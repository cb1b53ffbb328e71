import test from 'ava';
import { mergeApply, restate, stateAll } from '../../model/managers.js';

const file = { spec: { release: 1, runtime: 'prod', nested: { a: 1, b: 2 } }, managers: {} };
const byFile = stateAll(file.spec, 'file');

test('apply sets what it states, takes away what only this manager had set, and leaves the rest', (t) => {
  const withCi = mergeApply(byFile, { image: 'v2' }, 'ci', { takeOver: false });
  t.deepEqual(withCi.conflicts, []);
  const again = mergeApply(withCi, { release: 2, nested: { a: 1 } }, 'file', { takeOver: false });
  t.deepEqual(again.conflicts, []);
  t.deepEqual(again.spec, { image: 'v2', release: 2, nested: { a: 1 } });
  t.deepEqual(again.managers, { image: 'ci', release: 'file', 'nested.a': 'file' });
});

test('a field that another manager set is a conflict that names it', (t) => {
  const merged = mergeApply(byFile, { release: 7 }, 'ci', { takeOver: false });
  t.deepEqual(merged.conflicts, [{ path: 'release', manager: 'file' }]);
});

test('stating the same value as another manager is no conflict, and leaves the field to it', (t) => {
  const merged = mergeApply(byFile, { release: 1 }, 'ci', { takeOver: false });
  t.deepEqual(merged.conflicts, []);
  t.is(merged.managers.release, 'file');
});

test('taking over on purpose sets the value and the manager', (t) => {
  const merged = mergeApply(byFile, { release: 7 }, 'ci', { takeOver: true });
  t.deepEqual(merged.conflicts, []);
  t.is(merged.spec.release, 7);
  t.is(merged.managers.release, 'ci');
});

test('replacing an object of another manager by a scalar is a conflict', (t) => {
  const merged = mergeApply(byFile, { nested: 'flat' }, 'ci', { takeOver: false });
  t.deepEqual(
    merged.conflicts.map((conflict) => conflict.path),
    ['nested.a', 'nested.b'],
  );
  t.deepEqual(mergeApply(byFile, { nested: 'flat' }, 'ci', { takeOver: true }).spec.nested, 'flat');
});

test('an array and a reference to a secret are one field', (t) => {
  const spec = { list: [{ a: 1 }], token: { $secret: { id: 's', version: 1 } } };
  t.deepEqual(stateAll(spec, 'file').managers, { list: 'file', token: 'file' });
});

test('a whole new spec keeps the manager of fields that keep their value', (t) => {
  const next = restate(byFile, { release: 2, runtime: 'prod' }, 'ann');
  t.deepEqual(next.managers, { release: 'ann', runtime: 'file' });
});

test('applying the same twice changes nothing', (t) => {
  const once = mergeApply({ spec: {}, managers: {} }, file.spec, 'file', { takeOver: false });
  const twice = mergeApply(once, file.spec, 'file', { takeOver: false });
  t.deepEqual(twice, once);
});
