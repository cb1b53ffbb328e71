import test from 'ava';
import { fieldLine } from '../../../cli/output/difference-text.js';

const cases = [
  {
    title: 'a changed field',
    difference: { path: 'spec.replicas', live: 9, desired: 3 },
    line: '~ spec.replicas: 9 → 3',
  },
  { title: 'a field that is missing', difference: { path: 'data.a', live: null, desired: 'b' }, line: '+ data.a: b' },
  {
    title: 'a field that is too much',
    difference: { path: 'data.a', live: 'x y', desired: null },
    line: '- data.a: "x y"',
  },
  {
    title: 'a long value',
    difference: { path: 'data', live: null, desired: { a: 'b'.repeat(200) } },
    line: `+ data: {"a":"${'b'.repeat(113)}…`,
  },
];

for (const { title, difference, line } of cases) {
  test(`${title} is one line`, (t) => {
    t.is(fieldLine(difference, false), line);
  });
}
