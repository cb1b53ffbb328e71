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

test('a watch says of which version a status is when nothing else changed, and nothing of it when something else did', async (t) => {
  const watcher = createWatcher({ kinds: ['Tier'] }, () => {});
  watcher.offer(commitOf([{ resourceId: 'status', op: 'status', statusVersion: 3 }]));
  watcher.offer(commitOf([{ resourceId: 'status', op: 'status', statusVersion: 4 }]));
  watcher.offer(commitOf([{ resourceId: 'both' }, { resourceId: 'both', op: 'status', statusVersion: 5 }]));
  t.like((await watcher.next()).value, { id: 'status', statusVersion: 4 });
  t.like((await watcher.next()).value, { id: 'both', statusVersion: null });
  await watcher.return();
});

test('a watch says how a resource is when nothing that was told of it at once has changed its health', async (t) => {
  const watcher = createWatcher({ kinds: ['Tier'] }, () => {});
  const view = (health: 'Healthy' | 'Progressing') => ({ labels: {}, health, isDeleting: false });
  const same = { op: 'status', before: view('Progressing'), after: view('Progressing') } as const;
  const better = { op: 'status', before: view('Progressing'), after: view('Healthy') } as const;
  const still = { op: 'status', before: view('Healthy'), after: view('Healthy') } as const;
  watcher.offer(commitOf([{ ...same, resourceId: 'same' }]));
  watcher.offer(commitOf([{ ...better, resourceId: 'better' }]));
  watcher.offer(commitOf([{ ...better, resourceId: 'then-same' }]));
  watcher.offer(commitOf([{ ...still, resourceId: 'then-same' }]));
  watcher.offer(commitOf([{ ...same, op: 'updated', resourceId: 'spec' }]));
  t.like((await watcher.next()).value, { id: 'same', sameHealth: 'Progressing' });
  t.like((await watcher.next()).value, { id: 'better', sameHealth: null });
  t.like((await watcher.next()).value, { id: 'then-same', sameHealth: null });
  t.like((await watcher.next()).value, { id: 'spec', sameHealth: null });
  await watcher.return();
});

test('a watch wakes for its kinds and its place only, and never for an event or an inventory', async (t) => {
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
      { ...right, resourceId: 'rows', op: 'objects' },
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
