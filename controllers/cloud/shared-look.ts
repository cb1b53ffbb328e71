import type { CloudDriver, CloudResource, CloudState, CloudType } from '../../drivers/cloud/driver.js';
import { ThrottledError } from '../../drivers/cloud/errors.js';
import { backoffMs } from '../../lib/backoff.js';
import type { Clock } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';
import type { FencedCall } from '../../sdk/resource-client.js';
import { type Followed, type FollowedEntry, hashOf, isNews } from './followed.js';

export interface SharedLookOptions {
  readonly type: CloudType;
  /** The driver of the account and region. */
  readonly driver: (call: FencedCall) => Promise<CloudDriver>;
  readonly wake: (id: string) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** How often to look where nothing is under way, in milliseconds. */
  readonly everyMs: number;
  /** How soon to look at what was just asked for, in milliseconds. */
  readonly soonMs: number;
}

/**
 * One look for all resources of one type in one account and region: a list of those that are due, in the place of a
 * question for each. What is under way for a time is looked at again after a sixteenth of that; what is settled,
 * now and then. Whose state is news is woken and told no more, until its pass follows it anew. A look that fails wakes
 * all that it was for, so that they find out for themselves, and is tried again with backoff: until then nobody counts
 * on it. A cloud that is asked too much is asked less from then on, and only slowly more again.
 */
export class SharedLook {
  readonly #options: SharedLookOptions;
  readonly #entries = new Map<string, FollowedEntry>();
  readonly #closed = new AbortController();
  #isLooking = false;
  #failures = 0;
  /** By how much the looks are further apart than they should be. */
  #slowness = 1;
  /** Not before that, whatever is due. */
  #restsUntilMs = 0;
  #dueMs = Number.POSITIVE_INFINITY;
  #cancelTimer = () => {};

  constructor(options: SharedLookOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  follow(followed: Followed): void {
    const { seen, isAsked = false, ...rest } = followed;
    const nowMs = this.#options.clock.monotonicMs();
    const before = this.#entries.get(followed.id);
    // A pass in between does not make it younger.
    const isSame = before?.awaits === followed.awaits && before.hash === hashOf(seen);
    const sinceMs = isSame && !before.isTold ? before.sinceMs : nowMs;
    const askedMs = isAsked ? nowMs : isSame ? before.askedMs : null;
    const kept = { hash: hashOf(seen), sinceMs, askedMs, nextAtMs: 0, paceMs: 0, isTold: false, news: null };
    const entry: FollowedEntry = { ...rest, ...kept, wasUnderWay: seen !== null && seen.state === followed.awaits };
    this.#plan(entry, nowMs);
    this.#entries.set(followed.id, entry);
    this.#schedule(entry.nextAtMs);
  }

  /** What the look saw that woke it, once. */
  take(id: string): CloudResource | null {
    const entry = this.#entries.get(id);
    if (!entry?.news) return null;
    this.#entries.delete(id);
    return entry.news;
  }

  /** What is under way although a read of that time shows it as it was before, for reads lag by up to `lagMs`. Null: it is as shown. */
  underWay(id: string, seen: CloudResource, { atMs, lagMs }: { atMs: number; lagMs: number }): CloudState | null {
    const entry = this.#entries.get(id);
    if (!entry || entry.askedMs === null || entry.hash !== hashOf(seen)) return null;
    return atMs < entry.askedMs + lagMs ? entry.awaits : null;
  }

  isFollowed(id: string): boolean {
    const entry = this.#entries.get(id);
    return entry !== undefined && !entry.isTold && this.#failures === 0;
  }

  forget(id: string): void {
    this.#entries.delete(id);
  }

  close(): void {
    this.#entries.clear();
    this.#cancelTimer();
    this.#closed.abort();
  }

  #plan(entry: FollowedEntry, nowMs: number): void {
    const { everyMs, soonMs, random } = this.#options;
    const underWayMs = Math.max(soonMs, Math.min(LATEST_MS, (nowMs - entry.sinceMs) * PART_OF_AGE));
    entry.paceMs = (entry.awaits === null ? everyMs : underWayMs) * this.#slowness * (0.9 + random.next() * 0.2);
    entry.nextAtMs = nowMs + entry.paceMs;
  }

  #schedule(atMs: number): void {
    if (this.#isLooking || this.#closed.signal.aborted || atMs >= this.#dueMs) return;
    this.#cancelTimer();
    this.#dueMs = atMs;
    const { clock } = this.#options;
    const waitMs = Math.max(atMs, this.#restsUntilMs) - clock.monotonicMs();
    this.#cancelTimer = clock.after(Math.max(0, waitMs), () => void this.#look());
  }

  async #look(): Promise<void> {
    const { clock, log, type } = this.#options;
    this.#isLooking = true;
    this.#dueMs = Number.POSITIVE_INFINITY;
    const beganMs = clock.monotonicMs();
    const due = this.#due(beganMs);
    try {
      if (due.length > 0) await this.#lookAt(due);
      const tookMs = clock.monotonicMs() - beganMs;
      this.#restsUntilMs = beganMs + tookMs * (1 + REST);
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      // Without the lease they are not for us to look at.
      if (!due.some(({ call }) => call.signal?.aborted)) this.#fail(due, error);
      log.debug('A shared look failed', { type, resources: due.length, error: errorText(error) });
    }
    this.#isLooking = false;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { nextAtMs } of this.#entries.values()) nextMs = Math.min(nextMs, nextAtMs);
    if (nextMs < Number.POSITIVE_INFINITY) this.#schedule(nextMs);
  }

  /** What is due almost goes along. What was told long ago has no pass that wants it any more. */
  #due(nowMs: number): readonly FollowedEntry[] {
    const due: FollowedEntry[] = [];
    for (const [id, entry] of this.#entries) {
      if (entry.nextAtMs - SLACK * entry.paceMs > nowMs) continue;
      if (entry.isTold || entry.call.signal?.aborted) this.#entries.delete(id);
      else due.push(entry);
    }
    return due.length <= MOST ? due : due.sort((a, b) => a.nextAtMs - b.nextAtMs).slice(0, MOST);
  }

  async #lookAt(due: readonly FollowedEntry[]): Promise<void> {
    const { type, clock } = this.#options;
    const call = due[0]?.call;
    if (!call) return;
    const signal = call.signal ? AbortSignal.any([call.signal, this.#closed.signal]) : this.#closed.signal;
    const driver = await this.#options.driver({ ...call, signal });
    const names = due.map(({ name }) => name);
    const found = new Map((await driver.list({ type, names, tags: {} }, signal)).map((each) => [each.name, each]));
    this.#failures = 0;
    this.#slowness = Math.max(1, this.#slowness * RECOVERY);
    const nowMs = clock.monotonicMs();
    for (const entry of due) {
      // A pass that wrote or looked meanwhile knows better.
      if (this.#entries.get(entry.id) !== entry) continue;
      const seen = found.get(entry.name) ?? null;
      this.#plan(entry, nowMs);
      if (isNews(entry, seen)) this.#tell(entry, seen);
      else if (seen !== null && seen.state === entry.awaits) entry.wasUnderWay = true;
    }
  }

  #tell(entry: FollowedEntry, news: CloudResource | null): void {
    entry.isTold = true;
    entry.news = news;
    entry.paceMs = KEPT_MS;
    entry.nextAtMs = this.#options.clock.monotonicMs() + KEPT_MS;
    this.#options.wake(entry.id);
  }

  #fail(due: readonly FollowedEntry[], error: unknown): void {
    const { clock, random } = this.#options;
    const nowMs = clock.monotonicMs();
    if (error instanceof ThrottledError) {
      this.#slowness = Math.min(SLOWEST, this.#slowness * 2);
      this.#restsUntilMs = nowMs + error.retryAfterMs * (1 + random.next() / 2);
      return;
    }
    this.#failures += 1;
    this.#restsUntilMs = nowMs + backoffMs(this.#failures, FAILED_BACKOFF, random);
    for (const entry of due) {
      if (this.#entries.get(entry.id) === entry) this.#tell(entry, null);
    }
  }
}

/** So an end is seen late by a sixteenth of what it took, at the most. */
const PART_OF_AGE = 1 / 16;
/** What takes an hour is still told within this. */
const LATEST_MS = 5_000;
/** Of the time between two looks: what is looked at a little early shares the look of others. */
const SLACK = 0.25;
/** Of the time that a look takes: that long nothing is asked after it. */
const REST = 3;
/** At a time. The others are due in the next one. */
const MOST = 1_000;
/** By what a cloud that was asked too much is asked more again, with each look that it answers. */
const RECOVERY = 0.95;
const SLOWEST = 16;
/** What was seen is used within that time, or looked for anew. */
const KEPT_MS = 10_000;
const FAILED_BACKOFF = { baseMs: 1_000, capMs: 30_000 };
