import test from 'ava';
import { stateAll } from '../../model/managers.js';
import { changesetAt, setInOf } from '../../model/set-in.js';

const spec = {
  size: 1,
  list: [
    { name: 'a', image: 'one' },
    { name: 'b', image: 'two' },
  ],
};
const made = { ...stateAll(spec, 'file'), setIn: setInOf(null, stateAll(spec, 'file'), 'first') };
const changed = {
  ...spec,
  list: [
    { name: 'a', image: 'three' },
    { name: 'b', image: 'two' },
  ],
};

test('what one changeset set has one entry', (t) => {
  t.deepEqual(made.setIn, { '': 'first' });
  t.is(changesetAt(made.setIn, 'list[a].image'), 'first');
});

test('a field that gets another value, or another manager, was set by the changeset that did it', (t) => {
  const next = setInOf(made, stateAll(changed, 'file'), 'second');
  t.deepEqual(next, { size: 'first', 'list[a].name': 'first', 'list[a].image': 'second', 'list[b]': 'first' });
  t.is(changesetAt(next, 'list[b].image'), 'first');
  t.is(changesetAt(next, 'list[a].image'), 'second');
  t.deepEqual(setInOf(made, stateAll(spec, 'ci'), 'second'), { '': 'second' });
});

test('of what was set before it was written down, nothing is known', (t) => {
  const next = setInOf({ ...made, setIn: {} }, stateAll(changed, 'file'), 'second');
  t.deepEqual(next, { 'list[a].image': 'second' });
  t.is(changesetAt(next, 'size'), null);
});
