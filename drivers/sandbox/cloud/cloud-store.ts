import type { Clock } from '../../../lib/clock.js';
import type { Random } from '../../../lib/random.js';
import { type CloudEntry, type CloudPlace, placeKey } from './cloud-entry.js';

/** One change of one resource; `entry` is null when it is gone. */
export interface CloudChange {
  readonly version: number;
  readonly place: CloudPlace;
  readonly entry: CloudEntry | null;
}

/**
 * The resources of all accounts: as they are, which writes look at, and as they are shown, which lags behind by a time
 * that is drawn for each change. What was shown never goes back to something earlier.
 */
export interface CloudStore {
  /** Of the last change. */
  readonly version: number;
  get(place: CloudPlace): CloudEntry | null;
  shown(place: CloudPlace): CloudEntry | null;
  /** Sorted by type and name. */
  all(): readonly CloudEntry[];
  /** Sorted by type and name. */
  allShown(): readonly CloudEntry[];
  put(entry: CloudEntry): void;
  remove(place: CloudPlace): void;
  /** Puts back what an earlier process had; it is shown at once. Without a place, only the version. */
  restore(version: number, place: CloudPlace | null, entry: CloudEntry | null): void;
}

export interface CloudStoreOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly consistencyMs: number;
  onChange(change: CloudChange): void;
}

interface View {
  readonly fromMs: number;
  readonly entry: CloudEntry | null;
}

export function createCloudStore(options: CloudStoreOptions): CloudStore {
  const { clock, random, consistencyMs } = options;
  const entries = new Map<string, CloudEntry>();
  const views = new Map<string, readonly View[]>();
  let version = 0;

  const viewNow = (key: string): CloudEntry | null => {
    const known = views.get(key) ?? [];
    const at = known.findLastIndex(({ fromMs }) => fromMs <= clock.now());
    // What comes before is shown to nobody any more.
    if (at > 0) views.set(key, known.slice(at));
    const entry = known[at]?.entry ?? null;
    if (entry === null && at === known.length - 1) views.delete(key);
    return entry;
  };
  const commit = (place: CloudPlace, entry: CloudEntry | null) => {
    const key = placeKey(place);
    version += 1;
    if (entry) entries.set(key, entry);
    else entries.delete(key);
    const known = views.get(key) ?? [];
    const fromMs = Math.max(clock.now() + random.below(consistencyMs + 1), known.at(-1)?.fromMs ?? 0);
    views.set(key, [...known, { fromMs, entry }]);
    options.onChange({ version, place, entry });
  };

  return {
    get version() {
      return version;
    },
    get: (place) => entries.get(placeKey(place)) ?? null,
    shown: (place) => viewNow(placeKey(place)),
    all: () => [...entries.values()].sort(byTypeAndName),
    allShown: () =>
      [...views.keys()]
        .map(viewNow)
        .filter((entry) => entry !== null)
        .sort(byTypeAndName),
    put: (entry) => commit(entry, entry),
    remove: (place) => commit(place, null),
    restore(restored, place, entry) {
      version = Math.max(version, restored);
      if (!place) return;
      const key = placeKey(place);
      if (entry) entries.set(key, entry);
      else entries.delete(key);
      views.set(key, [{ fromMs: 0, entry }]);
    },
  };
}

/** Pages go on by this order. */
export function sortKey({ type, name }: { readonly type: string; readonly name: string }): string {
  return `${type}/${name}`;
}

function byTypeAndName(a: CloudEntry, b: CloudEntry): number {
  const [left, right] = [sortKey(a), sortKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
