import test from 'ava';
import { createKindNeeds } from '../../../controllers/cluster/kind-needs.js';

const kinds = (...names: readonly string[]) => new Map(names.map((kind) => [kind, { apiVersion: 'v1', kind }]));

test('a kind is needed until the last workload that looks at it leaves or looks at others', (t) => {
  const needs = createKindNeeds();
  t.deepEqual(needs.set('a', kinds('Pod', 'Service')), []);
  t.deepEqual(needs.set('b', kinds('Service', 'Pod')), []);
  t.deepEqual(needs.set('c', kinds('Service')), []);
  t.deepEqual(needs.users('Pod'), ['a', 'b']);
  t.deepEqual([...needs.of('c').keys()], ['Service']);
  t.deepEqual(needs.set('a', kinds('Service')), []);
  t.deepEqual(needs.set('b', kinds()), ['Pod']);
  t.false(needs.isNeeded('Pod'));
  t.true(needs.isNeeded('Service'));
  t.deepEqual(needs.set('a', kinds('Secret')), []);
  t.deepEqual(needs.set('c', kinds()), ['Service']);
  t.deepEqual(
    [...needs.all()].map(([id, { size }]) => [id, size]),
    [['a', 1]],
  );
});
