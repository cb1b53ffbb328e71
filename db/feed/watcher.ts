import type { Commit, Revision, Wake, WatchOptions } from '../contract.js';

/** One watch: what it has to tell, coalesced by id, and the reader that waits for it. */
export interface Watcher extends AsyncIterableIterator<Wake> {
  /** Everything may have changed: forgets what waits and tells SYNC. */
  sync(): void;
  offer(commit: Commit): void;
  /** Ends the iteration after what waits. */
  end(): void;
  return(): Promise<IteratorResult<Wake>>;
}

/** Written by hand: return() detaches at once, also while a reader waits. */
export function createWatcher(options: WatchOptions, onDetach: () => void): Watcher {
  const kinds = new Set(options.kinds);
  const waiting = new Map<string, Changed>();
  let needsSync = false;
  let isDone = false;
  let readers: ((result: IteratorResult<Wake>) => void)[] = [];

  const take = (): Wake | null => {
    if (needsSync) {
      needsSync = false;
      return { type: 'SYNC' };
    }
    const [first] = waiting;
    if (!first) return null;
    waiting.delete(first[0]);
    return first[1];
  };
  const serve = () => {
    while (readers.length > 0) {
      const value = take();
      if (!value) return;
      readers.shift()?.({ value, done: false });
    }
  };
  const detach = () => {
    if (isDone) return;
    isDone = true;
    onDetach();
    const left = readers;
    readers = [];
    for (const reader of left) reader({ value: undefined, done: true });
  };

  return {
    sync() {
      waiting.clear();
      needsSync = true;
      serve();
    },
    offer(commit) {
      // What waits for SYNC lists everything anyway.
      if (isDone || needsSync) return;
      for (const revision of commit.revisions) {
        if (!isWatched(options, kinds, revision)) continue;
        const before = waiting.get(revision.resourceId);
        waiting.set(revision.resourceId, coalesced(before, wakeOf(revision)));
      }
      if (waiting.size > MAX_WAITING) {
        waiting.clear();
        needsSync = true;
      }
      serve();
    },
    end: detach,
    next() {
      const value = take();
      if (value) return Promise.resolve({ value, done: false });
      if (isDone) return Promise.resolve({ value: undefined, done: true });
      return new Promise((resolve) => readers.push(resolve));
    },
    return() {
      waiting.clear();
      needsSync = false;
      detach();
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Ids that wait for a slow reader; with more of them, listing everything is cheaper. */
const MAX_WAITING = 10_000;

/**
 * An event is a remark about a state, not a state: looking again because of it would undo the backoff of what failed.
 * The inventory is what its only writer has just seen; whoever else shows it reads it live.
 */
function isWatched(options: WatchOptions, kinds: ReadonlySet<string>, revision: Revision): boolean {
  return (
    revision.op !== 'event' &&
    revision.op !== 'objects' &&
    kinds.has(revision.kind) &&
    (options.projectId === undefined || revision.projectId === options.projectId) &&
    (options.environmentId === undefined || revision.environmentId === options.environmentId) &&
    (options.ownerId === undefined || revision.ownerId === options.ownerId)
  );
}

type Changed = Extract<Wake, { type: 'CHANGED' }>;

function wakeOf(revision: Revision): Changed {
  const { kind, resourceId, projectId, ownerId, leaseKey, op, statusVersion, before, after } = revision;
  return {
    type: 'CHANGED',
    kind,
    id: resourceId,
    projectId,
    ownerId,
    leaseKey,
    isRemoved: op === 'removed',
    statusVersion: op === 'status' ? statusVersion : null,
    sameHealth: op === 'status' && before && before.health === after?.health ? before.health : null,
  };
}

/** A change of status must not hide that something else changed as well, nor one that left its health what an earlier one changed. */
function coalesced(before: Changed | undefined, after: Changed): Changed {
  if (!before) return after;
  return {
    ...after,
    statusVersion: before.statusVersion === null ? null : after.statusVersion,
    sameHealth: before.sameHealth === null ? null : after.sameHealth,
  };
}
