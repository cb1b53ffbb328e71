import test from 'ava';
import { CommanderError } from 'commander';
import { describeError } from '../../cli/error-text.js';
import {
  InterruptedError,
  NotHealthyError,
  NotSettledError,
  TimedOutError,
  UnreachableError,
} from '../../cli/errors.js';
import { exitCodeOf } from '../../cli/exit-code.js';
import {
  UnreachableError as ClusterUnreachableError,
  CredentialRefusedError,
} from '../../drivers/kubernetes/errors.js';
import { BadInputError, BlockedError, type ErrorCode, errorCodes } from '../../lib/errors.js';
import { GraphError, ServerUnreachableError } from '../../sdk/graph-error.js';

const ofCode: Readonly<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 2,
  LIMIT_EXCEEDED: 2,
  NOT_FOUND: 3,
  CONFLICT: 4,
  BLOCKED: 4,
  FORBIDDEN: 1,
  UNAUTHENTICATED: 1,
  CURSOR_EXPIRED: 1,
  INTERNAL: 1,
};

for (const code of errorCodes) {
  test(`an answer with ${code} exits with ${ofCode[code]}`, (t) => {
    t.is(exitCodeOf(new GraphError(code, 'No.')), ofCode[code]);
  });
}

test('what the CLI finds by itself has an exit code of its own', (t) => {
  t.is(exitCodeOf(new ServerUnreachableError('http://127.0.0.1:1', new Error('refused'))), 5);
  t.is(exitCodeOf(new UnreachableError('No plane.')), 5);
  t.is(exitCodeOf(new ClusterUnreachableError('No cluster.')), 5);
  t.is(exitCodeOf(new CredentialRefusedError('Expired.', 401)), 1);
  t.is(exitCodeOf(new TimedOutError('Late.')), 6);
  t.is(exitCodeOf(new NotHealthyError('Degraded.')), 1);
  t.is(exitCodeOf(new InterruptedError('Stopped.')), 130);
  t.is(exitCodeOf(new BadInputError('Wrong.')), 2);
  t.is(exitCodeOf(new Error('A defect.')), 1);
  t.is(exitCodeOf(new CommanderError(1, 'commander.unknownOption', 'unknown')), 2);
  t.is(exitCodeOf(new CommanderError(0, 'commander.helpDisplayed', 'help')), 0);
});

test('an error is shown with what, where, why and what next, and without a stack', (t) => {
  const refused = new BadInputError('The spec is wrong.', { path: ['edits', 0, 'spec'], next: 'portolan explain app' });
  t.deepEqual(describeError(refused), [
    'error: The spec is wrong.',
    '  at: edits.0.spec',
    '  next: portolan explain app',
  ]);
  t.deepEqual(describeError(new BlockedError('It is in use.', ['AppInstance a (1)', 'AppInstance b (2)'])), [
    'error: It is in use.',
    '  in the way: AppInstance a (1)',
    '  in the way: AppInstance b (2)',
  ]);
  t.deepEqual(describeError(new Error('Outer', { cause: new Error('inner') })), ['error: Outer: inner']);
});

test('what is not settled exits with 1, and is not told again', (t) => {
  const error = new NotSettledError('AppInstance shop is not settled.');
  t.is(exitCodeOf(error), 1);
  t.deepEqual(describeError(error), []);
});
