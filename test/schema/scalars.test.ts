import test from 'ava';
import { parseValue } from 'graphql';
import { DateTimeScalar, JsonScalar } from '../../schema/scalars.js';

test('a moment is told in UTC, whatever its offset was', (t) => {
  t.is(DateTimeScalar.parseValue('2026-11-22T20:30:00+02:00'), '2026-11-22T18:30:00.000Z');
  t.is(DateTimeScalar.serialize(new Date(0)), '1970-01-01T00:00:00.000Z');
  t.is(DateTimeScalar.parseLiteral(parseValue('"2026-11-22T18:30:00.5Z"')), '2026-11-22T18:30:00.500Z');
});

for (const value of ['2026-11-22', 'yesterday', '2026-13-45T00:00:00Z', 7, null]) {
  test(`${JSON.stringify(value)} is no moment`, (t) => {
    t.throws(() => DateTimeScalar.parseValue(value), { message: /ISO 8601/ });
  });
}

test('JSON in a document may hold variables', (t) => {
  const literal = parseValue('{ a: [1, 2.5, "x", true, null, $name], b: { c: ENUM } }');
  t.deepEqual(JsonScalar.parseLiteral(literal, { name: { deep: 1 } }), {
    a: [1, 2.5, 'x', true, null, { deep: 1 }],
    b: { c: 'ENUM' },
  });
});
