import test from 'ava';
import { cloudOutageOf, toActionError } from '../../../controllers/cloud/cloud-failure.js';
import { ObservationError } from '../../../controllers/observation-error.js';
import {
  CloudError,
  ConflictError,
  CredentialRefusedError,
  DeniedError,
  ImmutablePropertyError,
  InUseError,
  InvalidError,
  NotFoundError,
  ProtectedError,
  QuotaError,
  ServerError,
  ThrottledError,
  UnreachableError,
} from '../../../drivers/cloud/errors.js';
import { errorText, TerminalError } from '../../../lib/errors.js';
import { ActionError } from '../../../sdk/runtime/action-error.js';

const rows: readonly (readonly [CloudError, string, string])[] = [
  [new UnreachableError('x'), 'Unknown', 'CloudUnreachable'],
  [new ServerError('x'), 'Progressing', 'CloudUnreachable'],
  [new ThrottledError('x', 100), 'Progressing', 'Throttled'],
  [new CredentialRefusedError('x'), 'Degraded', 'CredentialRefused'],
  [new DeniedError('x', 'network:create'), 'Degraded', 'MissingRights'],
  [new QuotaError('x', { limitName: 'networks', limit: 1, used: 1 }), 'Degraded', 'QuotaExceeded'],
  [new ImmutablePropertyError('x', ['cidr']), 'Degraded', 'Immutable'],
  [new InvalidError('x'), 'Degraded', 'Invalid'],
  [new InUseError('x', ['cluster a']), 'Degraded', 'DeleteBlocked'],
  [new ProtectedError('x'), 'Degraded', 'DeleteBlocked'],
  [new ConflictError('x'), 'Progressing', 'Pending'],
  [new NotFoundError('x'), 'Progressing', 'Pending'],
];

for (const [error, health, reason] of rows) {
  test(`${error.name} at a write is tried again and told as ${reason}`, (t) => {
    const told = toActionError('Cannot create it', error);
    t.true(told instanceof ActionError);
    t.false(told instanceof TerminalError);
    t.like(told as ActionError, { health, reason });
    t.is(errorText(told), 'Cannot create it: x');
  });
}

test('what is no error of the cloud stays as it is', (t) => {
  const error = new Error('a defect');
  t.is(toActionError('x', error), error);
  t.is(cloudOutageOf(error), null);
});

test('a look that failed says why; one that was put off, and a write that failed, say nothing of the reach', (t) => {
  const look = (cause: unknown) => cloudOutageOf(new ObservationError('Cannot look', { cause }));
  t.deepEqual(look(new UnreachableError('no answer')), { reason: 'CloudUnreachable', message: 'no answer' });
  t.is(look(new DeniedError('x', 'network:describe'))?.reason, 'MissingRights');
  t.is(look(new CredentialRefusedError('x'))?.reason, 'CredentialRefused');
  t.is(look(new Error('strange'))?.reason, 'CloudUnreachable');
  t.is(look(new ThrottledError('x', 1)), null);
  t.is(cloudOutageOf(toActionError('x', new UnreachableError('x'))), null);
});
