/** What a manager remembers of a resource between passes. All of it may be lost: a listing brings it back. */
export interface KnownResource {
  /** The text that is held of it. */
  readonly id: string;
  readonly kind: string;
  /** Its project, for fairness; empty for none. */
  readonly group: string;
  readonly ownerId: string | null;
  readonly leaseKey: string | null;
  /** An attempt stands on the server, to be cleared by the next success. */
  hasAttempt: boolean;
  /** It was when it was last listed, and no change was heard of since. */
  readonly isSettled: boolean;
  /** The sum of its counters in the last listing that told of it. -1: none did. */
  readonly counted: number;
  /** It waits for the health of others: what else they say is nothing to it. */
  readonly untilHealth: boolean;
  /** Of the status that a pass of this process reported last, which is no news when it is told of. -1: none yet. */
  reportedStatus: number;
}

/** What is heard of a resource. */
export interface HeardResource {
  readonly kind: string;
  readonly group: string;
  readonly ownerId: string | null;
  readonly leaseKey: string | null;
  readonly hasAttempt?: boolean;
  /** Left out: it changed, so nobody knows. */
  readonly isSettled?: boolean;
  /** Of a listing. */
  readonly counted?: number;
}

/**
 * Which resources there are, which lease each needs, and which of them wait for which. There may be a hundred thousand:
 * one small record each, and texts that many have in common are held once.
 */
export class KnownResources {
  readonly #resources = new Map<string, Entry>();
  readonly #byLease = new Map<string, Set<string>>();
  /** One waiter, as is the rule, has no set of its own. */
  readonly #waiters = new Map<string, string | Set<string>>();
  /** Kinds, projects, leases: few, and each answer of the server brings them anew. */
  readonly #shared = new Map<string, string>();
  #serial = 0;

  get size(): number {
    return this.#resources.size;
  }

  /** A point in the order of what is heard. */
  now(): number {
    return this.#serial;
  }

  get(id: string): KnownResource | null {
    return this.#resources.get(id) ?? null;
  }

  hear(id: string, heard: HeardResource): void {
    const { kind, group, ownerId, leaseKey, hasAttempt = false, isSettled = false, counted } = heard;
    this.#serial += 1;
    const entry = this.#resources.get(id) ?? newEntry(id, this.#share(kind));
    if (entry.leaseKey !== leaseKey) this.#leaveLease(entry);
    if (group !== '') entry.group = this.#share(group);
    entry.ownerId = ownerId === null ? null : this.#idOf(ownerId);
    entry.leaseKey = leaseKey === null ? null : this.#share(leaseKey);
    // One that we told of meanwhile is not in a listing that began before: only a success takes it back.
    entry.hasAttempt ||= hasAttempt;
    entry.isSettled = isSettled;
    entry.counted = counted ?? entry.counted;
    entry.heardAt = this.#serial;
    this.#resources.set(entry.id, entry);
    if (entry.leaseKey === null) return;
    const ids = this.#byLease.get(entry.leaseKey) ?? new Set();
    this.#byLease.set(entry.leaseKey, ids.add(entry.id));
  }

  /** Returns its lease key when nothing else needs it. */
  forget(id: string): string | null {
    const entry = this.#resources.get(id);
    if (!entry) return null;
    this.#resources.delete(id);
    this.#stopWaiting(entry);
    this.#leaveLease(entry);
    return entry.leaseKey !== null && !this.#byLease.has(entry.leaseKey) ? entry.leaseKey : null;
  }

  /** Those under a lease. */
  under(leaseKey: string): readonly string[] {
    return [...(this.#byLease.get(leaseKey) ?? [])];
  }

  /** Those of a kind that were not heard of since `serial`. */
  silentSince(kind: string, serial: number): readonly string[] {
    return [...this.#resources.values()].filter((it) => it.kind === kind && it.heardAt <= serial).map(({ id }) => id);
  }

  /** From now on `id`, which is known, is woken by a change of these, and of no others. */
  waitFor(id: string, on: readonly string[], untilHealth = false): void {
    const entry = this.#resources.get(id);
    if (!entry) return;
    entry.untilHealth = untilHealth;
    if (isSameList(entry.waitsFor, on)) return;
    this.#stopWaiting(entry);
    if (on.length === 0) return;
    entry.waitsFor = on.map((awaited) => this.#idOf(awaited));
    for (const awaited of entry.waitsFor) this.#waiters.set(awaited, withOne(this.#waiters.get(awaited), entry.id));
  }

  waitersOf(id: string): readonly string[] {
    const waiters = this.#waiters.get(id) ?? [];
    return typeof waiters === 'string' ? [waiters] : [...waiters];
  }

  #stopWaiting(entry: Entry): void {
    for (const awaited of entry.waitsFor) {
      const waiters = this.#waiters.get(awaited);
      if (waiters === entry.id) this.#waiters.delete(awaited);
      if (waiters === undefined || typeof waiters === 'string') continue;
      waiters.delete(entry.id);
      if (waiters.size === 0) this.#waiters.delete(awaited);
    }
    entry.waitsFor = nobody;
  }

  #leaveLease(entry: Entry): void {
    if (entry.leaseKey === null) return;
    const ids = this.#byLease.get(entry.leaseKey);
    ids?.delete(entry.id);
    if (ids?.size === 0) this.#byLease.delete(entry.leaseKey);
  }

  #share(text: string): string {
    const known = this.#shared.get(text);
    if (known !== undefined) return known;
    this.#shared.set(text, text);
    return text;
  }

  /** The text that is held already, where the resource is known. */
  #idOf(id: string): string {
    return this.#resources.get(id)?.id ?? id;
  }
}

interface Entry extends KnownResource {
  group: string;
  ownerId: string | null;
  leaseKey: string | null;
  isSettled: boolean;
  counted: number;
  untilHealth: boolean;
  /** Grows with everything that is heard, so that a listing that began earlier does not forget what came later. */
  heardAt: number;
  waitsFor: readonly string[];
}

const nobody: readonly string[] = [];

function withOne(waiters: string | Set<string> | undefined, id: string): string | Set<string> {
  if (waiters === undefined || waiters === id) return id;
  return typeof waiters === 'string' ? new Set([waiters, id]) : waiters.add(id);
}

function newEntry(id: string, kind: string): Entry {
  return {
    id,
    kind,
    group: '',
    ownerId: null,
    leaseKey: null,
    hasAttempt: false,
    isSettled: false,
    counted: -1,
    untilHealth: false,
    reportedStatus: -1,
    heardAt: 0,
    waitsFor: nobody,
  };
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
