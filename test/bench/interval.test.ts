import test from 'ava';
import { medianInterval } from '../../bench/harness/interval.js';

test('five numbers have their middle one as median, and both extremes as its interval', (t) => {
  const found = medianInterval([3, 1, 5, 2, 4]);
  t.deepEqual(found, { median: 3, low: 1, high: 5, coverage: 0.9375 });
});

test('more numbers allow a narrower interval that is as sure', (t) => {
  const found = medianInterval([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  t.is(found?.median, 6);
  t.is(found?.low, 3);
  t.is(found?.high, 9);
  t.true((found?.coverage ?? 0) >= 0.93);
});

test('an even number of them has its median between the two in the middle', (t) => {
  t.like(medianInterval([1, 2, 3, 10]), { median: 2.5, low: 1, high: 10 });
});

test('one number is its own interval, of which nothing is sure; none has no interval', (t) => {
  t.deepEqual(medianInterval([7]), { median: 7, low: 7, high: 7, coverage: 0 });
  t.is(medianInterval([]), null);
});
