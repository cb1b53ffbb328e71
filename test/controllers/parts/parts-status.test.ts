import test from 'ava';
import { partsStatus } from '../../../controllers/parts/parts-status.js';
import { makePart } from './make-part.js';

const words = { noun: 'part', observed: {}, outputs: { url: 'http://a', host: null } } as const;

test('a whole is as well as its worst part, and names it by kind', (t) => {
  const parts = [
    makePart('Workload', 'web'),
    makePart('Database', 'db', { health: 'Degraded', message: 'The disk is full.' }),
  ];
  const report = partsStatus({ deletionRequestedAt: null }, parts, words);
  t.is(report.health, 'Degraded');
  t.like(report.conditions[0], { reason: 'ObjectFailed', message: 'Database db: The disk is full.' });
});

test('outputs that are not there yet are not given', (t) => {
  t.deepEqual(partsStatus({ deletionRequestedAt: null }, [], words).outputs, { url: 'http://a' });
});

test('while it goes it says how many parts are left', (t) => {
  const report = partsStatus({ deletionRequestedAt: 'now' }, [makePart('Workload', 'web')], words);
  t.like(report.conditions[0], { reason: 'Terminating', message: '1 of its parts are still being removed.' });
});

const bound = (health: 'Degraded' | 'Progressing', path = 'bindings.0.resource') => ({
  path,
  id: 'Database/shared',
  kind: 'Database',
  name: 'shared',
  health,
  reason: 'ObjectFailed' as const,
  message: 'The disk is full.',
});

test('what parts take outputs of and share with others is told of when it is ill', (t) => {
  const parts = [
    makePart('Workload', 'web', { references: [bound('Degraded')] }),
    makePart('Workload', 'api', { references: [bound('Degraded')] }),
  ];
  const report = partsStatus({ deletionRequestedAt: null }, parts, words);
  t.is(report.health, 'Degraded');
  t.like(report.conditions[0], { reason: 'ObjectFailed', message: 'Database shared: The disk is full.' });
});

test('what is shared and only under way, or not taken from, is nothing to tell of', (t) => {
  for (const link of [bound('Progressing'), bound('Degraded', 'runtime')]) {
    const report = partsStatus(
      { deletionRequestedAt: null },
      [makePart('Workload', 'web', { references: [link] })],
      words,
    );
    t.is(report.health, 'Healthy');
  }
});
