import test from 'ava';
import { KnownResources } from '../../sdk/runtime/known.js';

test('an attempt that was told of stays known, though a listing that began earlier says that there is none', (t) => {
  const known = new KnownResources();
  const listed = { kind: 'Thing', group: '', ownerId: null, leaseKey: 'Thing/a', hasAttempt: false, counted: 1 };
  known.hear('a', listed);
  const resource = known.get('a');
  if (!resource) return t.fail();
  // A pass failed while the listing was under way.
  resource.hasAttempt = true;
  known.hear('a', listed);
  t.true(known.get('a')?.hasAttempt);
});
