import test from 'ava';
import { findCycle } from '../../model/cycle.js';

const edges = (text: string): ReadonlyMap<string, readonly string[]> => {
  const map = new Map<string, string[]>();
  for (const edge of text.split(' ').filter(Boolean)) {
    const [from = '', to = ''] = edge.split('>');
    map.set(from, [...(map.get(from) ?? []), to]);
  }
  return map;
};

const cases: readonly { readonly title: string; readonly given: string; readonly expected: string | null }[] = [
  { title: 'nothing', given: '', expected: null },
  { title: 'a chain', given: 'a>b b>c', expected: null },
  { title: 'two ways to one place', given: 'a>b a>c b>d c>d', expected: null },
  { title: 'a resource that names itself', given: 'a>a', expected: 'a a' },
  { title: 'a circle after a way to it', given: 'a>b b>c c>d d>b', expected: 'b c d b' },
  { title: 'a circle that is reached by the second way', given: 'a>b a>c c>a', expected: 'a c a' },
  { title: 'a circle that nothing leads to', given: 'x>y y>x', expected: null },
];

for (const { title, given, expected } of cases) {
  test(`${title} ${expected === null ? 'is no cycle' : `is the cycle ${expected}`}`, (t) => {
    t.is(findCycle(edges(given), ['a'])?.join(' ') ?? null, expected);
  });
}

test('a chain of a hundred thousand is walked', (t) => {
  const long = new Map(Array.from({ length: 100_000 }, (_, index) => [`${index}`, [`${index + 1}`]] as const));
  t.is(findCycle(long, ['0']), null);
});
