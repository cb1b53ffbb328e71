import { type Backoff, backoffMs } from '../../lib/backoff.js';
import type { Clock } from '../../lib/clock.js';
import type { Random } from '../../lib/random.js';

/**
 * A dirty set with a clock. A key is in it at most once, so it is bounded by the number of keys.
 *
 * States of a key: delayed (a timer brings it back), ready (in a lane, waits to be taken), in flight (one holder),
 * in flight and dirty (changed meanwhile: ready again once it is put back). A key that is put back with nothing left to do leaves.
 * Four lanes, in the order of `urgencies`: what somebody waits for goes before what is looked at anyway. A lane that has
 * something ready gives way to at most eight keys of those before it. In a lane, groups (projects, or what is worked on
 * outside) take turns, so a group with ten thousand keys delays another one by one key at a time.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #lanes = urgencies.map(() => new Lane());
  #inFlight = 0;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Something may have changed: as soon as possible. After a failure that is at least `freshAfterFailureMs` away, so that a pass whose own writes wake it cannot spin. */
  add(key: string, group = '', urgency: Urgency = 'fresh'): void {
    const entry = this.#entry(key, group);
    const place = urgencies.indexOf(urgency);
    if (entry.isInFlight) entry.dirty = Math.min(entry.dirty ?? place, place);
    else if (entry.failures > 0) this.#delay(entry, freshAfterFailureMs);
    else this.#makeReady(entry, place);
  }

  /** Look again in `delayMs`, or earlier if it is due earlier already. */
  addAfter(key: string, delayMs: number, group = ''): void {
    const entry = this.#entry(key, group);
    if (entry.isInFlight) entry.againInMs = Math.min(entry.againInMs ?? delayMs, delayMs);
    else this.#delay(entry, delayMs);
  }

  /**
   * The next key to work on, which is its caller's until `done` or `failed`; null when none is ready. A group that
   * `isOpen` refuses is passed over, and keeps its turn.
   */
  take(isOpen: (group: string) => boolean = () => true): string | null {
    const key = this.#shift(isOpen);
    if (key === null) return null;
    const entry = this.#entries.get(key);
    if (!entry) return this.take(isOpen);
    entry.lane = null;
    entry.isInFlight = true;
    this.#inFlight += 1;
    return key;
  }

  #shift(isOpen: (group: string) => boolean): string | null {
    const late = this.#lanes.filter((lane) => lane.size > 0 && lane.gaveWay >= MOST_BEFORE_IT);
    for (const lane of [...late.reverse(), ...this.#lanes]) {
      const key = lane.size > 0 ? lane.shift(isOpen) : null;
      if (key === null) continue;
      lane.gaveWay = 0;
      for (const other of this.#lanes.slice(this.#lanes.indexOf(lane) + 1)) other.gaveWay += other.size > 0 ? 1 : 0;
      return key;
    }
    return null;
  }

  /** Puts a key back after a pass that did what it could: its failures are forgotten. */
  done(key: string): void {
    const entry = this.#putBack(key);
    if (!entry) return;
    entry.failures = 0;
    if (entry.dirty !== null) this.#makeReady(entry, entry.dirty);
    else if (entry.againInMs !== null) this.#delay(entry, entry.againInMs);
    else this.#entries.delete(key);
  }

  /** Puts a key back after a failed pass; it is tried again after a backoff. */
  failed(key: string): { readonly failures: number; readonly delayMs: number } {
    const entry = this.#putBack(key);
    if (!entry) return { failures: 0, delayMs: 0 };
    entry.failures += 1;
    const { backoff = retryBackoff, random } = this.#options;
    const fullMs = backoffMs(entry.failures, backoff, random);
    const delayMs = entry.dirty !== null ? Math.min(fullMs, freshAfterFailureMs) : fullMs;
    this.#delay(entry, delayMs);
    return { failures: entry.failures, delayMs };
  }

  /** Failures in a row of a key. */
  failures(key: string): number {
    return this.#entries.get(key)?.failures ?? 0;
  }

  /** Drops a key; one in flight is dropped when it is put back. */
  forget(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.cancelTimer?.();
    if (entry.lane !== null) this.#lanes[entry.lane]?.remove(entry.group, key);
    this.#entries.delete(key);
    if (!entry.isInFlight) return;
    this.#entries.set(key, { ...newEntry(key, entry.group), isInFlight: true });
  }

  /** Drops what waits. What is in flight may still be put back. */
  clear(): void {
    for (const key of [...this.#entries.keys()]) this.forget(key);
  }

  /** Keys that are ready, in flight, and delayed. */
  sizes(): { readonly ready: number; readonly inFlight: number; readonly delayed: number } {
    const ready = this.#lanes.reduce((sum, lane) => sum + lane.size, 0);
    return { ready, inFlight: this.#inFlight, delayed: this.#entries.size - ready - this.#inFlight };
  }

  #entry(key: string, group: string): Entry {
    const known = this.#entries.get(key);
    if (known) {
      if (group !== '' && known.lane === null) known.group = group;
      return known;
    }
    const entry = newEntry(key, group);
    this.#entries.set(key, entry);
    return entry;
  }

  #putBack(key: string): Entry | null {
    const entry = this.#entries.get(key);
    if (!entry?.isInFlight) return null;
    entry.isInFlight = false;
    this.#inFlight -= 1;
    return entry;
  }

  /** What is ready already only becomes more urgent. */
  #makeReady(entry: Entry, lane: number): void {
    entry.cancelTimer?.();
    entry.cancelTimer = null;
    entry.dirty = null;
    entry.againInMs = null;
    if (entry.lane !== null && entry.lane <= lane) return;
    if (entry.lane !== null) this.#lanes[entry.lane]?.remove(entry.group, entry.key);
    entry.lane = lane;
    this.#lanes[lane]?.push(entry.group, entry.key);
    this.#options.onReady();
  }

  #delay(entry: Entry, delayMs: number): void {
    entry.dirty = null;
    entry.againInMs = null;
    if (entry.lane !== null) return;
    const dueMs = this.#options.clock.monotonicMs() + delayMs;
    if (entry.cancelTimer && entry.dueMs <= dueMs) return;
    entry.cancelTimer?.();
    entry.dueMs = dueMs;
    entry.cancelTimer = this.#options.clock.after(delayMs, () => this.#makeReady(entry, RETRIES));
  }
}

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Called when a key became ready, synchronously. */
  readonly onReady: () => void;
  /** Default: from 500 ms up to 60 s. */
  readonly backoff?: Backoff;
}

/** A minute at most, so that what was mended outside is noticed soon; half a second at first, because most failures are short. */
export const retryBackoff: Backoff = { baseMs: 500, capMs: 60_000 };

/** Soon for a person who mended the cause, rare for a pass that wakes itself. */
export const freshAfterFailureMs = 1_000;

/**
 * urgent: a known resource was changed, or a pass goes on at once. fresh: what came new, what waited for something, what
 * happened outside. backlog: whole lists, at the start and now and then. retry: its time has come.
 */
export const urgencies = ['urgent', 'fresh', 'backlog', 'retry'] as const;
export type Urgency = (typeof urgencies)[number];

const RETRIES = urgencies.indexOf('retry');
const MOST_BEFORE_IT = 8;

interface Entry {
  readonly key: string;
  group: string;
  /** By its place in `urgencies`. */
  lane: number | null;
  isInFlight: boolean;
  /** Changed while in flight: where it goes then. */
  dirty: number | null;
  /** Asked for while in flight. */
  againInMs: number | null;
  failures: number;
  /** On the monotonic clock; only meaningful with a timer. */
  dueMs: number;
  cancelTimer: (() => void) | null;
}

function newEntry(key: string, group: string): Entry {
  return {
    key,
    group,
    lane: null,
    isInFlight: false,
    dirty: null,
    againInMs: null,
    failures: 0,
    dueMs: 0,
    cancelTimer: null,
  };
}

/** Keys by group; groups take turns. A Map keeps insertion order, so the group whose turn it was goes to the end. */
class Lane {
  readonly #groups = new Map<string, Set<string>>();
  size = 0;
  /** How many keys of lanes before it were taken while it had some. */
  gaveWay = 0;

  push(group: string, key: string): void {
    const keys = this.#groups.get(group) ?? new Set();
    if (keys.size === 0) this.#groups.set(group, keys);
    keys.add(key);
    this.size += 1;
  }

  shift(isOpen: (group: string) => boolean): string | null {
    for (const [group, keys] of this.#groups) {
      if (!isOpen(group)) continue;
      for (const key of keys) {
        this.remove(group, key);
        if (keys.size > 0) {
          this.#groups.delete(group);
          this.#groups.set(group, keys);
        }
        return key;
      }
    }
    return null;
  }

  remove(group: string, key: string): void {
    const keys = this.#groups.get(group);
    if (!keys?.delete(key)) return;
    this.size -= 1;
    if (keys.size === 0) this.#groups.delete(group);
  }
}
