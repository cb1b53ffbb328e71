import type { StoreChange } from './cluster-store.js';

/** The last changes of one cluster, for watches that begin at an earlier version. */
export interface History {
  add(change: StoreChange): void;
  /** Changes after `version`, oldest first; null when some of them are no longer kept. */
  since(version: number): readonly StoreChange[] | null;
  /** Forgets all up to `version`, as after a restart. */
  forgetBefore(version: number): void;
}

export function createHistory(): History {
  let changes: StoreChange[] = [];
  let forgotten = 1;
  return {
    add(change) {
      changes.push(change);
      if (changes.length < 2 * KEPT) return;
      changes = changes.slice(-KEPT);
      forgotten = (changes[0]?.version ?? 1) - 1;
    },
    since(version) {
      if (version < forgotten) return null;
      let low = 0;
      let high = changes.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((changes[middle]?.version ?? 0) <= version) low = middle + 1;
        else high = middle;
      }
      return changes.slice(low);
    },
    forgetBefore(version) {
      forgotten = Math.max(forgotten, version);
      changes = changes.filter((change) => change.version > version);
    },
  };
}

/** Between this many and twice as many changes are kept: enough for a watch that was away for a moment. */
const KEPT = 10_000;
