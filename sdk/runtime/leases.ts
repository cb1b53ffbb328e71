import type { Clock } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import type { Sdk } from '../client.js';
import type { LeaseFullFragment } from '../generated/operations.js';
import type { LeaseView } from './reconciler.js';

/**
 * The rights to act that this process holds.
 *
 * A key is wanted (asked for at once, then at every renewal until it is had), held, or lost. One request renews all;
 * requests never overlap, so an old answer cannot undo a newer one. A lease ends locally at its deadline, counted from the
 * moment its request was sent, whatever the server says later; its signal aborts then, and it is asked for again.
 */
export interface Leases {
  /** Acquires the key and keeps it, for as long as it is wanted. */
  want(key: string): void;
  /** Gives the key back. */
  unwant(key: string): void;
  /** null while it is not held. */
  held(key: string): HeldLease | null;
  /** How many are held, and how many were lost since the start. */
  stats(): { readonly held: number; readonly lost: number };
  /** Aborts what runs under the leases and gives them back; a server that is away is not waited for beyond its request. */
  close(): Promise<void>;
}

export interface HeldLease {
  /** Its deadline moves with every renewal, and is 0 once it is lost. */
  readonly lease: LeaseView;
  /** Aborts when it is lost. */
  readonly signal: AbortSignal;
}

export interface LeasesOptions {
  readonly sdk: Sdk;
  readonly holder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onAcquired: (key: string) => void;
  readonly onLost: (key: string) => void;
  /** Of a lease. All are renewed, and missing ones asked for, every third of it. Default 15,000. */
  readonly ttlMs?: number;
}

/** Thrown before an outside write that would begin after the deadline. The key is worked on again once the lease is had again. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

export function createLeases(options: LeasesOptions): Leases {
  const { sdk, holder, clock, log, ttlMs = TTL_MS } = options;
  const renewEveryMs = ttlMs / RENEWALS_PER_TTL;
  const marginMs = ttlMs * MARGIN_OF_TTL;
  const wanted = new Set<string>();
  const held = new Map<string, Held>();
  const unwanted = new Set<string>();
  let lost = 0;
  let isClosed = false;
  let working: Promise<void> | null = null;
  let isAcquireDue = false;
  let isRenewalDue = false;
  let cancelSoon: (() => void) | null = null;
  let cancelTick: (() => void) | null = null;

  const want = (key: string) => {
    if (isClosed || wanted.has(key)) return;
    wanted.add(key);
    unwanted.delete(key);
    cancelTick ??= clock.after(renewEveryMs, tick);
    soon();
  };

  /** A burst of keys is one request. */
  const soon = () => {
    isAcquireDue = true;
    cancelSoon ??= clock.after(0, () => {
      cancelSoon = null;
      work();
    });
  };

  const work = () => {
    if (working || isClosed) return;
    working = round().finally(() => {
      working = null;
    });
  };

  /** A renewal goes before what is to be acquired: a burst of new keys must not let those go that are held. */
  const round = async () => {
    try {
      if (unwanted.size > 0) await release([...unwanted]);
      while ((isRenewalDue || isAcquireDue) && !isClosed) {
        if (isRenewalDue) {
          isRenewalDue = false;
          await renew();
          continue;
        }
        isAcquireDue = false;
        await acquire([...wanted].filter((key) => !held.has(key)));
      }
    } catch (error) {
      log.debug('Leases could not be renewed or acquired; the next round tries again', { error: errorText(error) });
    }
  };

  const renew = async () => {
    if (held.size === 0) return;
    await exchange(async () => (await sdk.RenewLeases({ input: { holder, ttlMs } })).renewLeases.leases);
  };

  const acquire = async (missing: readonly string[]) => {
    for (let from = 0; from < missing.length; from += KEYS_PER_REQUEST) {
      const input = { holder, keys: missing.slice(from, from + KEYS_PER_REQUEST), ttlMs };
      await exchange(async () => (await sdk.AcquireLeases({ input })).acquireLeases.leases);
    }
  };

  const exchange = async (ask: () => Promise<readonly LeaseFullFragment[]>) => {
    const before = { wallMs: clock.now(), monotonicMs: clock.monotonicMs() };
    const answers = new Map((await ask()).map((answer) => [answer.key, answer]));
    // A renewal renews all that the holder has: what is not wanted would be kept from others for ever.
    for (const key of answers.keys()) if (isClosed || !wanted.has(key)) unwanted.add(key);
    if (isClosed) return;
    for (const [key, lease] of [...held]) {
      if (answers.get(key)?.epoch !== lease.epoch) lose(key, 'another process has it, or it expired');
    }
    for (const answer of answers.values()) {
      if (wanted.has(answer.key)) keep(answer, before);
    }
  };

  const keep = (answer: LeaseFullFragment, before: Moment) => {
    const lastsMs = answer.ttlMs - marginMs;
    if (lastsMs <= 0) return;
    const known = held.get(answer.key);
    const lease = known ?? new Held(answer.key, holder, answer.epoch, clock);
    lease.extend({ wallMs: before.wallMs + lastsMs, monotonicMs: before.monotonicMs + lastsMs }, () =>
      lose(answer.key, 'it was not renewed in time'),
    );
    if (known) return;
    held.set(answer.key, lease);
    log.debug('Lease acquired', { key: answer.key, epoch: answer.epoch });
    options.onAcquired(answer.key);
  };

  const lose = (key: string, why: string) => {
    const lease = held.get(key);
    if (!lease) return;
    held.delete(key);
    lease.end();
    if (!wanted.has(key) || isClosed) return;
    lost += 1;
    log.warn('Lease lost; what ran under it was aborted', { key, epoch: lease.epoch, why });
    options.onLost(key);
    soon();
  };

  const release = async (keys: readonly string[]) => {
    for (const key of keys) unwanted.delete(key);
    await sdk.ReleaseLeases({ input: { holder, keys } });
  };

  const tick = () => {
    isAcquireDue = true;
    isRenewalDue = true;
    work();
    cancelTick = clock.after(renewEveryMs, tick);
  };

  return {
    want,
    unwant(key) {
      if (!wanted.delete(key)) return;
      unwanted.add(key);
      lose(key, 'nothing needs it any more');
      soon();
    },
    held(key) {
      const lease = held.get(key);
      if (!lease) return null;
      if (lease.deadlineMs > 0) return lease;
      lose(key, 'its deadline passed');
      return null;
    },
    stats: () => ({ held: held.size, lost }),
    async close() {
      if (isClosed) return;
      isClosed = true;
      cancelTick?.();
      cancelSoon?.();
      const mine = [...held.keys()];
      for (const lease of held.values()) lease.end();
      held.clear();
      // What is asked for just now may be given after all.
      const asked = working ? [...wanted] : [];
      await working;
      const keys = new Set([...mine, ...asked, ...unwanted]);
      if (keys.size === 0) return;
      await release([...keys]).catch((error) =>
        log.warn('Leases could not be given back; they expire by themselves', { error: errorText(error) }),
      );
    },
  };
}

interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/**
 * The wall clock counts the time that a machine was suspended but may be set back; the monotonic one the other way round.
 * So a lease lasts until the first of both says that it ended.
 */
class Held implements HeldLease, LeaseView {
  readonly #aborter = new AbortController();
  readonly #clock: Clock;
  #deadline: Moment = { wallMs: 0, monotonicMs: 0 };
  #cancelTimer = () => {};

  constructor(
    readonly key: string,
    readonly holder: string,
    readonly epoch: number,
    clock: Clock,
  ) {
    this.#clock = clock;
  }

  get lease(): LeaseView {
    return this;
  }

  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  get deadlineMs(): number {
    const { wallMs, monotonicMs } = this.#deadline;
    return this.#clock.now() < wallMs && this.#clock.monotonicMs() < monotonicMs ? wallMs : 0;
  }

  extend(deadline: Moment, onPassed: () => void): void {
    this.#deadline = deadline;
    this.#cancelTimer();
    // Of a process that was frozen the deadline may have passed already.
    const lastsMs = Math.max(0, deadline.monotonicMs - this.#clock.monotonicMs());
    this.#cancelTimer = this.#clock.after(lastsMs, onPassed);
  }

  end(): void {
    this.#cancelTimer();
    this.#deadline = { wallMs: 0, monotonicMs: 0 };
    this.#aborter.abort(new LeaseLostError(`The lease ${this.key} is not held any more`));
  }
}

const TTL_MS = 15_000;
/** One renewal in a row may fail. */
const RENEWALS_PER_TTL = 3;
/** Taken off every deadline: an outside write that was begun in time may take this long. */
const MARGIN_OF_TTL = 0.2;
/** Keeps a request small when a process meets thousands of runtimes at once. */
const KEYS_PER_REQUEST = 500;
