import test from 'ava';
import { waitWhenThrottled } from '../../../controllers/cluster/wait-when-throttled.js';
import { ObservationError, outageOf } from '../../../controllers/observation-error.js';
import { InitializingError, ThrottledError, UnreachableError } from '../../../drivers/kubernetes/errors.js';
import type { ReconcileContext } from '../../../sdk/runtime/reconciler.js';

const failing = (error: unknown) =>
  waitWhenThrottled({ kind: 'Workload', reconcile: () => Promise.reject(error) }).reconcile(
    'a',
    {} as ReconcileContext,
  );

test('a kind that the cluster is just taking up is waited for, and is no outage', async (t) => {
  const error = new ObservationError('The objects could not be read', {
    cause: new InitializingError('storage is (re)initializing', 429, 1000),
  });
  t.like(await failing(error), { type: 'waiting', for: 'storage is (re)initializing', retryAfterMs: 1000 });
  t.is(outageOf(error), null);
});

test('a cluster that wants to be asked less is waited for as long as it says', async (t) => {
  t.like(await failing(new ThrottledError('Later', 429, 7000)), { type: 'waiting', retryAfterMs: 7000 });
});

test('a cluster that cannot be read is an outage', async (t) => {
  const error = new ObservationError('The objects could not be read', { cause: new UnreachableError('No route') });
  await t.throwsAsync(failing(error), { is: error });
  t.like(outageOf(error), { reason: 'RuntimeUnreachable' });
});
