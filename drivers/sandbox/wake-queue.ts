import type { Clock } from '../../lib/clock.js';

/** Calls back for keys when they are due: one timer for all of them, and at most one call per key and time. */
export interface WakeQueue {
  /** Wakes `key` in `afterMs`, or earlier when that was asked for before. */
  wake(key: string, afterMs: number): void;
  close(): void;
}

export function createWakeQueue(clock: Clock, onDue: (key: string) => void): WakeQueue {
  const dueMs = new Map<string, number>();
  const heap: { readonly key: string; readonly atMs: number }[] = [];
  let cancel: (() => void) | null = null;
  let timerMs = Number.POSITIVE_INFINITY;
  let isClosed = false;

  const arm = () => {
    const next = heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
    if (isClosed || next >= timerMs) return;
    cancel?.();
    timerMs = next;
    cancel = clock.after(Math.max(0, next - clock.now()), run);
  };
  const run = () => {
    timerMs = Number.POSITIVE_INFINITY;
    cancel = null;
    const nowMs = clock.now();
    for (let first = heap[0]; first && first.atMs <= nowMs && !isClosed; first = heap[0]) {
      pop(heap);
      // An entry that was overtaken by an earlier one for its key is stale.
      if (dueMs.get(first.key) !== first.atMs) continue;
      dueMs.delete(first.key);
      onDue(first.key);
    }
    arm();
  };

  return {
    wake(key, afterMs) {
      // Never in this very moment: what is being changed now is looked at when it is whole.
      const atMs = clock.now() + Math.max(1, afterMs);
      if ((dueMs.get(key) ?? Number.POSITIVE_INFINITY) <= atMs) return;
      dueMs.set(key, atMs);
      push(heap, { key, atMs });
      arm();
    },
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}

interface Entry {
  readonly atMs: number;
}

/** A binary heap with the earliest entry first. */
function push<T extends Entry>(heap: T[], entry: T): void {
  heap.push(entry);
  for (let index = heap.length - 1; index > 0; ) {
    const parent = (index - 1) >> 1;
    if (!swapIfLater(heap, parent, index)) return;
    index = parent;
  }
}

function pop<T extends Entry>(heap: T[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  for (let index = 0; ; ) {
    const left = 2 * index + 1;
    const right = left + 1;
    const child =
      (heap[right]?.atMs ?? Number.POSITIVE_INFINITY) < (heap[left]?.atMs ?? Number.POSITIVE_INFINITY) ? right : left;
    if (!swapIfLater(heap, index, child)) return;
    index = child;
  }
}

/** Swaps when the upper entry is later than the lower one. */
function swapIfLater<T extends Entry>(heap: T[], upper: number, lower: number): boolean {
  const above = heap[upper];
  const below = heap[lower];
  if (above === undefined || below === undefined || above.atMs <= below.atMs) return false;
  heap[upper] = below;
  heap[lower] = above;
  return true;
}
