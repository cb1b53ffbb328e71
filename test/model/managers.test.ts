import test from 'ava';
import type { JsonObject } from '../../lib/canonical.js';
import { type ManagedSpec, type Merged, mergeApply, restate, stateAll } from '../../model/managers.js';

const nothing: ManagedSpec = { spec: {}, managers: {} };
const file = { release: 1, runtime: 'prod', nested: { a: 1, b: 2 } };
const byFile = stateAll(file, 'file');
const apply = (current: ManagedSpec, stated: JsonObject, manager: string, takeOver = false) =>
  mergeApply(current, stated, manager, { takeOver });
const set = (current: ManagedSpec, stated: JsonObject, manager: string, takeOver = true) =>
  mergeApply(current, stated, manager, { takeOver, isPartial: true });
const paths = (fields: Merged['kept']) => fields.map(({ path, manager }) => `${path} of ${manager}`);

test('apply sets what it states, takes away what only this manager had set, and leaves the rest', (t) => {
  const withCi = apply(byFile, { image: 'v2' }, 'ci');
  t.deepEqual(withCi.conflicts, []);
  const again = apply(withCi, { release: 2, nested: { a: 1 } }, 'file');
  t.deepEqual(again.conflicts, []);
  t.deepEqual(again.spec, { image: 'v2', release: 2, nested: { a: 1 } });
  t.deepEqual(again.managers, { image: 'ci', release: 'file', 'nested.a': 'file' });
});

test('a new value for a field that another manager set is a conflict with its name and both values', (t) => {
  const merged = apply(byFile, { release: 7 }, 'ci');
  t.deepEqual(merged.conflicts, [{ path: 'release', manager: 'file', stated: 7, actual: 1 }]);
  t.deepEqual(merged.kept, []);
});

test('what a manager states again after somebody else changed it is kept as the other set it', (t) => {
  const taken = apply(byFile, { release: 7 }, 'ci', true);
  const again = apply(taken, file, 'file');
  t.deepEqual(again.conflicts, []);
  t.deepEqual(again.kept, [{ path: 'release', manager: 'ci', stated: 1, actual: 7 }]);
  t.deepEqual([again.spec, again.managers, again.yielded], [taken.spec, taken.managers, taken.yielded]);
});

test('a new value after that is a conflict again, and is set by taking over', (t) => {
  const taken = apply(byFile, { release: 7 }, 'ci', true);
  t.deepEqual(paths(apply(taken, { ...file, release: 2 }, 'file').conflicts), ['release of ci']);
  const back = apply(taken, { ...file, release: 2 }, 'file', true);
  t.is(back.spec.release, 2);
  t.is(back.managers.release, 'file');
  t.deepEqual(paths(apply(back, { release: 7 }, 'ci').kept), ['release of file']);
});

test('an update of the whole spec is remembered as well, so that a file applied again does not undo it', (t) => {
  const updated = restate(byFile, { ...file, release: 7 }, 'ann');
  t.deepEqual(paths(apply(updated, file, 'file').kept), ['release of ann']);
});

test('stating the same value as another manager is no conflict, and leaves the field to it', (t) => {
  const merged = apply(byFile, { release: 1 }, 'ci');
  t.deepEqual([merged.conflicts, merged.kept], [[], []]);
  t.is(merged.managers.release, 'file');
});

test('once the owner takes its statement away, who states the same keeps the field', (t) => {
  const both = apply(byFile, { release: 1 }, 'ci');
  const left = apply(both, { runtime: 'prod' }, 'file');
  t.deepEqual(left.spec, { release: 1, runtime: 'prod' });
  t.deepEqual(left.managers, { release: 'ci', runtime: 'file' });
  t.deepEqual(apply(left, {}, 'ci').spec, { runtime: 'prod' });
});

test('once the owner takes its statement away, a field goes back to who had lost it', (t) => {
  const taken = apply(byFile, { release: 7, extra: true }, 'ci', true);
  const left = apply(taken, { extra: true }, 'ci');
  t.deepEqual(left.spec, { ...file, extra: true });
  t.is(left.managers.release, 'file');
  t.deepEqual(left.yielded, {});
});

test('a manager that states a field no more has no claim on it', (t) => {
  const taken = apply(byFile, { release: 7 }, 'ci', true);
  const without = apply(taken, { runtime: 'prod' }, 'file');
  t.deepEqual(without.spec, { release: 7, runtime: 'prod' });
  t.deepEqual(without.yielded, {});
  t.deepEqual(paths(apply(without, file, 'file').conflicts), ['release of ci']);
});

test('when the owner changes a field, who stated the same has lost it', (t) => {
  const both = apply(byFile, { release: 1 }, 'ci');
  const changed = apply(both, { ...file, release: 2 }, 'file');
  t.is(changed.spec.release, 2);
  t.deepEqual(paths(apply(changed, { release: 1 }, 'ci').kept), ['release of file']);
  t.deepEqual(apply(changed, { release: 2 }, 'ci').yielded, { release: { ci: { same: true } } });
});

test('a layer never conflicts: whoever states wins, and the layer has no claim', (t) => {
  const filled = { spec: { size: 'small' }, managers: { size: 'layer:tier/dev' } };
  const stated = apply(filled, { size: 'large' }, 'file');
  t.deepEqual([stated.conflicts, stated.spec, stated.managers], [[], { size: 'large' }, { size: 'file' }]);
  t.deepEqual(stated.yielded, {});
  t.is(apply(filled, { size: 'small' }, 'file').managers.size, 'file');
});

test('taking over on purpose sets the value and the manager', (t) => {
  const merged = apply(byFile, { release: 7 }, 'ci', true);
  t.deepEqual(merged.conflicts, []);
  t.is(merged.spec.release, 7);
  t.is(merged.managers.release, 'ci');
  t.deepEqual(merged.yielded, { release: { file: { value: 1 } } });
});

test('a partial statement takes nothing away of what the same manager stated before', (t) => {
  const first = set(byFile, { release: 7 }, 'ci');
  const second = set(first, { nested: { a: 9 } }, 'ci');
  t.deepEqual(second.spec, { release: 7, runtime: 'prod', nested: { a: 9, b: 2 } });
  t.deepEqual(paths(apply(second, file, 'file').kept), ['release of ci', 'nested.a of ci']);
});

test('replacing an object of another manager by a scalar is a conflict', (t) => {
  const merged = apply(byFile, { nested: 'flat' }, 'ci');
  t.deepEqual(paths(merged.conflicts), ['nested.a of file', 'nested.b of file']);
  t.is(apply(byFile, { nested: 'flat' }, 'ci', true).spec.nested, 'flat');
});

test('replacing a scalar of another manager by an object is a conflict, and is kept when it is stated again', (t) => {
  const flat = stateAll({ nested: 'flat' }, 'ci');
  t.deepEqual(paths(apply(flat, { nested: { a: 1 } }, 'file').conflicts), ['nested of ci']);
  const taken = apply(apply(nothing, { nested: { a: 1 } }, 'file'), { nested: 'flat' }, 'ci', true);
  const again = apply(taken, { nested: { a: 1 } }, 'file');
  t.deepEqual([again.conflicts, paths(again.kept), again.spec], [[], ['nested of ci'], { nested: 'flat' }]);
  t.deepEqual(apply(again, {}, 'ci').spec, { nested: { a: 1 } });
});

test('an empty object beside what another manager puts into it is no conflict', (t) => {
  const empty = stateAll({ storage: {} }, 'file');
  const filled = apply(empty, { storage: { size: 1 } }, 'ci');
  t.deepEqual([filled.conflicts, filled.spec], [[], { storage: { size: 1 } }]);
  const again = apply(filled, { storage: {} }, 'file');
  t.deepEqual([again.conflicts, again.kept, again.spec], [[], [], { storage: { size: 1 } }]);
  t.deepEqual(apply(again, {}, 'ci').spec, { storage: {} });
});

test('a reference to a secret and a list of scalars are one field', (t) => {
  const spec = { list: ['a', 'b'], token: { $secret: { id: 's', version: 1 } } };
  t.deepEqual(stateAll(spec, 'file').managers, { list: 'file', token: 'file' });
});

test('of a secret that gave way a hash is kept, by which the same statement is known again', (t) => {
  const fingerprint = (value: unknown) => ({ $hash: `hash of ${JSON.stringify(value)}` });
  const secret = (version: number) => ({ token: { $secret: { id: 's', version } } });
  const options = { takeOver: true, fingerprint };
  const taken = mergeApply(stateAll(secret(1), 'file'), secret(2), 'ci', options);
  t.regex(JSON.stringify(taken.yielded), /^\{"token":\{"file":\{"value":\{"\$hash":/);
  t.deepEqual(paths(mergeApply(taken, secret(1), 'file', { takeOver: false, fingerprint }).kept), ['token of ci']);
  t.deepEqual(mergeApply(taken, {}, 'ci', options).spec, {}, 'a hash gives no value back');
});

test('a whole new spec keeps the manager of fields that keep their value', (t) => {
  const next = restate(byFile, { release: 2, runtime: 'prod' }, 'ann');
  t.deepEqual(next.managers, { release: 'ann', runtime: 'file' });
});

test('applying the same twice changes nothing', (t) => {
  const once = apply(nothing, file, 'file');
  t.deepEqual(apply(once, file, 'file'), once);
});
