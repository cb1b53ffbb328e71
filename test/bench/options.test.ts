import test from 'ava';
import { parseBenchOptions } from '../../bench/options.js';
import { BadInputError } from '../../lib/errors.js';

const known = ['q.point', 'm.write'];

test('without arguments all cases run in full', (t) => {
  t.deepEqual(parseBenchOptions([], known), {
    names: [],
    isSmoke: false,
    isList: false,
    rounds: null,
    seed: 1,
  });
});

test('--smoke goes together with names and a seed', (t) => {
  t.like(parseBenchOptions(['--smoke', 'm.write', '--seed', '7'], known), {
    names: ['m.write'],
    isSmoke: true,
    seed: 7,
  });
});

test('what is not understood is refused with what there is', (t) => {
  t.regex(
    t.throws(() => parseBenchOptions(['q.pint'], known), { instanceOf: BadInputError }).message,
    /q\.point, m\.write/,
  );
  t.throws(() => parseBenchOptions(['--fast'], known), { instanceOf: BadInputError });
  t.throws(() => parseBenchOptions(['--rounds', '0'], known), { instanceOf: BadInputError });
});
