import test from 'ava';
import { type Health, healths } from '../../lib/health.js';
import { healthOf, isSettled } from '../../model/settled.js';

const seen = (health: Health, observedGeneration: number, isStale = false) => ({ health, observedGeneration, isStale });

const table: readonly { title: string; input: Parameters<typeof healthOf>[0]; expected: Health }[] = [
  {
    title: 'nothing was reported yet',
    input: { generation: 1, isDeleting: false, status: null },
    expected: 'Progressing',
  },
  {
    title: 'seen at this generation',
    input: { generation: 2, isDeleting: false, status: seen('Healthy', 2) },
    expected: 'Healthy',
  },
  {
    title: 'good, but of an older generation',
    input: { generation: 3, isDeleting: false, status: seen('Healthy', 2) },
    expected: 'Progressing',
  },
  {
    title: 'bad, of an older generation',
    input: { generation: 3, isDeleting: false, status: seen('Degraded', 2) },
    expected: 'Degraded',
  },
  {
    title: 'a newer output was not taken yet',
    input: { generation: 2, isDeleting: false, status: seen('Healthy', 2, true) },
    expected: 'Progressing',
  },
  {
    title: 'being deleted',
    input: { generation: 2, isDeleting: true, status: seen('Healthy', 2) },
    expected: 'Progressing',
  },
  {
    title: 'being deleted and stuck',
    input: { generation: 2, isDeleting: true, status: seen('Degraded', 2) },
    expected: 'Degraded',
  },
  {
    title: 'suspended on purpose',
    input: { generation: 2, isDeleting: false, status: seen('Suspended', 2) },
    expected: 'Suspended',
  },
];

for (const { title, input, expected } of table) {
  test(`is shown as ${expected}: ${title}`, (t) => t.is(healthOf(input), expected));
}

test('only Healthy is settled', (t) => {
  const settled = healths.filter((health) => isSettled({ generation: 1, isDeleting: false, status: seen(health, 1) }));
  t.deepEqual(settled, ['Healthy']);
});
