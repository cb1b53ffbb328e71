import test from 'ava';
import type { Commit, Revision } from '../../../db/contract.js';
import { createWatcher } from '../../../db/feed/watcher.js';
import { makeRevision } from '../../helpers/make-revision.js';

const commitOf = (revisions: readonly Partial<Revision>[]): Commit => ({
  cursor: 'any:1',
  revisions: revisions.map((given, ordinal) => ({
    ...makeRevision({ resourceId: 'r' }),
    seq: 1n,
    ordinal,
    at: '2026-01-01T00:00:00.000Z',
    ...given,
  })),
});

test('a reader that is too slow is told to list everything instead', async (t) => {
  const watcher = createWatcher({ kinds: ['Tier'] }, () => {});
  watcher.offer(commitOf(Array.from({ length: 10_001 }, (_, index) => ({ resourceId: `r${index}` }))));
  watcher.offer(commitOf([{ resourceId: 'later' }]));
  t.deepEqual((await watcher.next()).value, { type: 'SYNC' });
  watcher.offer(commitOf([{ resourceId: 'latest' }]));
  t.like((await watcher.next()).value, { type: 'CHANGED', id: 'latest' });
});

test('a watch wakes for its kinds and its place only, and never for an event', async (t) => {
  const options = { kinds: ['Tier', 'App'], projectId: 'p', environmentId: 'e', ownerId: 'o' };
  const watcher = createWatcher(options, () => {});
  const right = { projectId: 'p', environmentId: 'e', ownerId: 'o' };
  watcher.offer(
    commitOf([
      { ...right, resourceId: 'other-kind', kind: 'Project' },
      { ...right, resourceId: 'other-project', projectId: 'q' },
      { ...right, resourceId: 'other-environment', environmentId: null },
      { ...right, resourceId: 'other-owner', ownerId: 'x' },
      { ...right, resourceId: 'remark', op: 'event' },
      { ...right, resourceId: 'right', kind: 'App' },
    ]),
  );
  t.like((await watcher.next()).value, { id: 'right', kind: 'App' });
  const parked = watcher.next();
  await watcher.return();
  t.true((await parked).done);
});

test('changes of one thing are one wake, which tells the last of them', async (t) => {
  const watcher = createWatcher({ kinds: ['Tier'] }, () => {});
  watcher.offer(commitOf([{ resourceId: 'a' }, { resourceId: 'b' }, { resourceId: 'a', op: 'removed' }]));
  t.like((await watcher.next()).value, { id: 'a', isRemoved: true });
  t.like((await watcher.next()).value, { id: 'b', isRemoved: false });
  const parked = watcher.next();
  watcher.end();
  t.true((await parked).done);
});
