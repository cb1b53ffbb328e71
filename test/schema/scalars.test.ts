import test from 'ava';
import { parseValue } from 'graphql';
import { MomentScalar } from '../../schema/moment.js';
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

test('a Moment is a cursor or ISO 8601, and nothing else', (t) => {
  const cursor = '01234567-89ab-cdef-0123-456789abcdef:42';
  t.deepEqual(MomentScalar.parseValue(cursor), { type: 'cursor', cursor });
  t.deepEqual(MomentScalar.parseValue('2026-11-22T18:30:00+02:00'), { type: 'time', time: '2026-11-22T16:30:00.000Z' });
  for (const wrong of ['yesterday', '2026-11-22', '42', 42, `${cursor}x`, null]) {
    t.throws(() => MomentScalar.parseValue(wrong), {
      message: /^A Moment is a cursor, as changes and apply return it, or ISO 8601/,
    });
  }
});
