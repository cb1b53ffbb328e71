/** What a manager remembers of a resource between passes. All of it may be lost: a listing brings it back. */
export interface KnownResource {
  readonly kind: string;
  /** Its project, for fairness; empty for none. */
  readonly group: string;
  readonly ownerId: string | null;
  readonly leaseKey: string | null;
  /** An attempt stands on the server, to be cleared by the next success. */
  hasAttempt: boolean;
  /** Grows with everything that is heard, so that a listing that began earlier does not forget what came later. */
  heardAt: number;
}

/** Which resources there are, which lease each needs, and which of them wait for which. */
export class KnownResources {
  readonly #resources = new Map<string, KnownResource>();
  readonly #byLease = new Map<string, Set<string>>();
  readonly #waiters = new Map<string, Set<string>>();
  readonly #waitsFor = new Map<string, readonly string[]>();
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

  hear(id: string, facts: Omit<KnownResource, 'hasAttempt' | 'heardAt'> & { readonly hasAttempt?: boolean }): void {
    const known = this.#resources.get(id);
    if (known?.leaseKey !== facts.leaseKey) this.#leaveLease(id, known);
    const hasAttempt = facts.hasAttempt ?? known?.hasAttempt ?? false;
    this.#serial += 1;
    this.#resources.set(id, { ...facts, group: facts.group || known?.group || '', hasAttempt, heardAt: this.#serial });
    if (facts.leaseKey === null) return;
    const ids = this.#byLease.get(facts.leaseKey) ?? new Set();
    this.#byLease.set(facts.leaseKey, ids.add(id));
  }

  /** Returns its lease key when nothing else needs it. */
  forget(id: string): string | null {
    const known = this.#resources.get(id);
    if (!known) return null;
    this.#resources.delete(id);
    this.waitFor(id, []);
    this.#leaveLease(id, known);
    return known.leaseKey !== null && !this.#byLease.has(known.leaseKey) ? known.leaseKey : null;
  }

  /** Those under a lease. */
  under(leaseKey: string): readonly string[] {
    return [...(this.#byLease.get(leaseKey) ?? [])];
  }

  /** Those of a kind that were not heard of since `serial`. */
  silentSince(kind: string, serial: number): readonly string[] {
    return [...this.#resources].filter(([, it]) => it.kind === kind && it.heardAt <= serial).map(([id]) => id);
  }

  /** From now on `id` is woken by a change of these, and of no others. */
  waitFor(id: string, on: readonly string[]): void {
    for (const awaited of this.#waitsFor.get(id) ?? []) {
      const waiters = this.#waiters.get(awaited);
      waiters?.delete(id);
      if (waiters?.size === 0) this.#waiters.delete(awaited);
    }
    if (on.length === 0) {
      this.#waitsFor.delete(id);
      return;
    }
    this.#waitsFor.set(id, on);
    for (const awaited of on) this.#waiters.set(awaited, (this.#waiters.get(awaited) ?? new Set()).add(id));
  }

  waitersOf(id: string): readonly string[] {
    return [...(this.#waiters.get(id) ?? [])];
  }

  #leaveLease(id: string, known: KnownResource | undefined): void {
    if (!known || known.leaseKey === null) return;
    const ids = this.#byLease.get(known.leaseKey);
    ids?.delete(id);
    if (ids?.size === 0) this.#byLease.delete(known.leaseKey);
  }
}
