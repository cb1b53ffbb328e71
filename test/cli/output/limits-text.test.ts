import test from 'ava';
import { limitsOfApp, limitsOfDefinition, placesOfDefinition } from '../../../cli/output/limits-text.js';

test('a definition tells what it gives, what may be chosen, and within which limits', (t) => {
  const spec = {
    defaults: { engine: 'mariadb', storageGb: 20 },
    guardrails: {
      open: ['size', 'storageGb'],
      allowed: [{ path: 'size', values: ['small', 'medium'] }],
      maxima: [{ path: 'storageGb', maximum: 100 }],
      tiers: ['dev'],
    },
  };
  t.deepEqual(limitsOfDefinition(spec), [
    { name: 'engine', usual: 'mariadb', allowed: 'only what the definition says' },
    { name: 'size', usual: '', allowed: 'one of small, medium' },
    { name: 'storageGb', usual: '20', allowed: 'at most 100' },
  ]);
  t.deepEqual(placesOfDefinition(spec), ['Only in the tiers dev.']);
});

test('an app tells what each of its parameters may be', (t) => {
  const parameters = [
    { name: 'size', type: 'enum', values: ['small', 'large'], default: 'small' },
    { name: 'replicas', type: 'int', minimum: 1, maximum: 3, required: true },
  ];
  t.deepEqual(limitsOfApp({ parameters }), [
    { name: 'size', usual: 'small', allowed: 'one of small, large' },
    { name: 'replicas', usual: '', allowed: 'int, at least 1, at most 3, needed' },
  ]);
});
