import test from 'ava';
import { parseDuration } from '../../../cli/output/duration.js';
import { ageOf } from '../../../lib/age.js';

test('times are read with their units, a number alone as seconds, and nothing else is a time', (t) => {
  const table: readonly (readonly [string, number | null])[] = [
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['0.5m', 30_000],
    ['2', 2_000],
    ['', null],
    ['5 m', null],
    ['m5', null],
    ['-5s', null],
  ];
  for (const [text, ms] of table) t.is(parseDuration(text), ms, text);
});

test('ages are short, and never negative when clocks differ', (t) => {
  const nowMs = Date.parse('2026-01-02T00:00:00Z');
  t.is(ageOf('2026-01-01T23:59:15Z', nowMs), '45s');
  t.is(ageOf('2026-01-01T23:30:00Z', nowMs), '30m');
  t.is(ageOf('2026-01-01T12:00:00Z', nowMs), '12h');
  t.is(ageOf('2025-12-20T00:00:00Z', nowMs), '13d');
  t.is(ageOf('2026-01-02T00:00:05Z', nowMs), '0s');
});
