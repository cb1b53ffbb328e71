/**
 * How often the objects of a workload were put back lately. Where somebody else changes an object each time that it was
 * put back, that goes on for ever: then it is put back only now and then, and said that it is contested.
 */
export interface Corrections {
  note(key: string, nowMs: number): void;
  /** Keys of objects that are not to be put back just now. */
  contested(nowMs: number): ReadonlySet<string>;
  /** Nothing was put back lately, as far as `contested` was asked. */
  isEmpty(): boolean;
}

export function createCorrections(): Corrections {
  const timesMs = new Map<string, readonly number[]>();
  const recent = (key: string, nowMs: number) =>
    (timesMs.get(key) ?? []).filter((atMs) => atMs > nowMs - CORRECTION_WINDOW_MS);
  return {
    note(key, nowMs) {
      timesMs.set(key, [...recent(key, nowMs), nowMs]);
    },
    isEmpty: () => timesMs.size === 0,
    contested(nowMs) {
      for (const key of timesMs.keys()) if (recent(key, nowMs).length === 0) timesMs.delete(key);
      return new Set([...timesMs.keys()].filter((key) => recent(key, nowMs).length >= MOST_CORRECTIONS));
    },
  };
}

/** A person who edits by hand is put back each time; a program that does it in a loop is not followed at its speed. */
const MOST_CORRECTIONS = 5;
const CORRECTION_WINDOW_MS = 60_000;
