import test from 'ava';
import { renderWorkload } from '../../../controllers/workload/render.js';
import { createUnanswered } from '../../../controllers/workload/unanswered.js';
import { NotFoundError, UnreachableError } from '../../../drivers/kubernetes/errors.js';
import { make, workloadId } from '../make.js';
import { scopes, withObjects } from './seen.js';

const [desired] = renderWorkload(withObjects(make.configMap()), scopes).objects;
if (!desired) throw new Error('The workload has no object.');
const ARRIVAL_MS = 60_000;
const lost = async () => {
  throw new UnreachableError('There was no answer.');
};
const isNot = () => false;
const is = () => true;

test('what was not answered may come for a minute, counted from when it was sent', async (t) => {
  const unanswered = createUnanswered();
  await t.throwsAsync(unanswered.during(workloadId, desired, 1_000, lost), { message: 'There was no answer.' });
  t.deepEqual(unanswered.of(workloadId, 1_000 + ARRIVAL_MS - 1, isNot), [desired]);
  t.deepEqual(unanswered.of('another', 1_000, isNot), []);
  t.deepEqual(unanswered.of(workloadId, 1_000 + ARRIVAL_MS, isNot), []);
});

test('what has come does not come again, unless it was asked for twice', async (t) => {
  const unanswered = createUnanswered();
  await t.throwsAsync(unanswered.during(workloadId, desired, 0, lost));
  t.deepEqual(unanswered.of(workloadId, 1, is), []);
  t.deepEqual(unanswered.of(workloadId, 2, isNot), []);
  await t.throwsAsync(unanswered.during(workloadId, desired, 10, lost));
  await unanswered.during(workloadId, desired, 20, async () => {});
  t.deepEqual(unanswered.of(workloadId, 30, is), []);
  t.deepEqual(unanswered.of(workloadId, 40, isNot), [desired]);
});

test('what was answered, or never sent, does not come', async (t) => {
  const unanswered = createUnanswered();
  const refused = async () => {
    throw new NotFoundError('There is no such namespace.', 404);
  };
  const unsent = async () => {
    throw new UnreachableError('Nothing listens there.', { isUnsent: true });
  };
  await t.throwsAsync(unanswered.during(workloadId, desired, 0, refused));
  await t.throwsAsync(unanswered.during(workloadId, desired, 0, unsent));
  await unanswered.during(workloadId, desired, 0, async () => {});
  t.deepEqual(unanswered.of(workloadId, 1, isNot), []);
});
