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
  const waiting = new Map<string, Wake>();
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
        if (isWatched(options, kinds, revision)) waiting.set(revision.resourceId, wakeOf(revision));
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

/** An event is a remark about a state, not a state: looking again because of it would undo the backoff of what failed. */
function isWatched(options: WatchOptions, kinds: ReadonlySet<string>, revision: Revision): boolean {
  return (
    revision.op !== 'event' &&
    kinds.has(revision.kind) &&
    (options.projectId === undefined || revision.projectId === options.projectId) &&
    (options.environmentId === undefined || revision.environmentId === options.environmentId) &&
    (options.ownerId === undefined || revision.ownerId === options.ownerId)
  );
}

function wakeOf({ kind, resourceId, projectId, ownerId, leaseKey, op }: Revision): Wake {
  return { type: 'CHANGED', kind, id: resourceId, projectId, ownerId, leaseKey, isRemoved: op === 'removed' };
}
