import { type Clock, sleep } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import type { Failpoint } from '../../lib/failpoint.js';
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
 *
 * Processes share keys evenly; the server says what a process may have, and who is to have it next. A key that another
 * process claims is *leaving*: nothing begins under it any more, what runs may end, then it is given back. It stays wanted.
 */
export interface Leases {
  /** Acquires the key and keeps it, for as long as it is wanted. */
  want(key: string): void;
  /** Gives the key back. */
  unwant(key: string): void;
  /** null while it is not held, or is leaving: then nothing may begin. */
  held(key: string): HeldLease | null;
  /** How many are held, and how many were lost, and given to other processes, since the start. */
  stats(): { readonly held: number; readonly lost: number; readonly given: number };
  /** Those under which something may be written outside now. */
  inUse(): readonly LeaseView[];
  /** Aborts what runs under the leases and gives them back; a server that is away is not waited for beyond its request. */
  close(): Promise<void>;
}

export interface HeldLease {
  /** Its deadline moves with every renewal, and is 0 once it is lost. */
  readonly lease: LeaseView;
  /** Aborts when it is lost. */
  readonly signal: AbortSignal;
  /** Something runs under it, until what it returns is called: it is not given to another process meanwhile. */
  use(): () => void;
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
  readonly failpoint?: Failpoint;
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
  let given = 0;
  let cancelClaims: (() => void) | null = null;
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
      while ((isRenewalDue || isAcquireDue) && !isClosed) {
        if (isRenewalDue) {
          isRenewalDue = false;
          await renew();
          continue;
        }
        isAcquireDue = false;
        if (unwanted.size > 0) await release([...unwanted]);
        await acquire([...wanted].filter((key) => !held.has(key) && !unwanted.has(key)));
      }
    } catch (error) {
      log.debug('Leases could not be renewed or acquired; the next round tries again', { error: errorText(error) });
    }
  };

  const renew = async () => {
    if (held.size === 0) return;
    if ((await options.failpoint?.('leaseLost', holder)) === true) await release([...held.keys()]);
    await exchange(async () => (await sdk.RenewLeases({ input: { holder, ttlMs } })).renewLeases.leases);
  };

  const acquire = async (missing: readonly string[]) => {
    for (let from = 0; from < missing.length; from += KEYS_PER_REQUEST) {
      const input = { holder, keys: missing.slice(from, from + KEYS_PER_REQUEST), ttlMs };
      await exchange(async () => {
        const { leases, claimed } = (await sdk.AcquireLeases({ input })).acquireLeases;
        if (claimed > 0) askAgain();
        return leases;
      });
    }
  };

  /** What is claimed is given back soon, and nobody says when. */
  const askAgain = () => {
    cancelClaims ??= clock.after(CLAIMED_EVERY_MS, () => {
      cancelClaims = null;
      soon();
    });
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
      // What is being given back may be in an answer still, and is not ours any more.
      if (!wanted.has(answer.key) || unwanted.has(answer.key)) continue;
      keep(answer, before);
      if (answer.isClaimed) void give(answer.key);
    }
  };

  /** Waits for what runs under it, though not for ever; it is renewed meanwhile. */
  const give = async (key: string) => {
    const lease = held.get(key);
    if (!lease || lease.isLeaving) return;
    lease.isLeaving = true;
    const over = new AbortController();
    const cancelLimit = clock.after(LEAVING_MS, () => lease.abort());
    await Promise.race([lease.idle(), sleep(clock, LEAVING_MS + ABORTED_MS, over.signal)]);
    over.abort();
    cancelLimit();
    if (held.get(key) !== lease || isClosed) return;
    held.delete(key);
    lease.end();
    given += 1;
    log.debug('Lease given to another process', { key, epoch: lease.epoch });
    unwanted.add(key);
    soon();
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

  const release = async (keys: readonly string[], isLeaving = false) => {
    await sdk.ReleaseLeases({ input: { holder, keys, isLeaving } });
    for (const key of keys) unwanted.delete(key);
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
      if (!lease || lease.isLeaving) return null;
      if (lease.deadlineMs > 0) return lease;
      lose(key, 'its deadline passed');
      return null;
    },
    stats: () => ({ held: held.size, lost, given }),
    inUse: () => [...held.values()].filter(({ deadlineMs }) => deadlineMs > 0),
    async close() {
      if (isClosed) return;
      isClosed = true;
      cancelTick?.();
      cancelSoon?.();
      cancelClaims?.();
      const mine = [...held.keys()];
      for (const lease of held.values()) lease.end();
      held.clear();
      // What is asked for just now may be given after all.
      const asked = working ? [...wanted] : [];
      await working;
      const keys = new Set([...mine, ...asked, ...unwanted]);
      if (wanted.size === 0 && keys.size === 0) return;
      await release([...keys], true).catch((error) =>
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
  #isAborted = false;
  #uses = 0;
  #onIdle = () => {};
  isLeaving = false;

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
    if (this.#isAborted) return 0;
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

  use(): () => void {
    let isOver = false;
    this.#uses += 1;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#uses -= 1;
      if (this.#uses === 0) this.#onIdle();
    };
  }

  /** Resolves once nothing runs under it. To be called once. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve;
      if (this.#uses === 0) resolve();
    });
  }

  end(): void {
    this.#cancelTimer();
    this.abort();
  }

  /** Nothing may be written under it any more, though the server still holds it for us. */
  abort(): void {
    this.#isAborted = true;
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
/** What runs under a lease that another process claims may take so long to end; then it is aborted. */
const LEAVING_MS = 10_000;
/** For what was aborted; what does not listen to its signal is fenced by the next epoch. */
const ABORTED_MS = 2_000;
/** Short, for nobody works on the key between its old holder and the new one. */
const CLAIMED_EVERY_MS = 1_000;
