import type { Commit, Feed, Revision } from '../db/contract.js';
import { desiredOps, type ReadSetRecorder } from '../db/read/read-set.js';
import type { Clock } from '../lib/clock.js';
import { Leaving } from '../lib/leaving.js';
import { createCommitWindow } from './commit-window.js';
import { type Attachment, type AttachmentOwner, LiveRead } from './live-read.js';
import { createReadIndex } from './read-index.js';
import { createReadSet } from './read-set.js';

/**
 * Reads that answer again whenever what they looked at has changed. Readers with the same key share one read: it runs
 * once for all of them, and all are told the same.
 */
export interface LiveReads<Answer, Told> {
  /**
   * The reader is told once by a run that began after this call, so it sees all that was committed before; then whenever
   * the answer is another one. A reader that cannot take an answer is told the newest when it says `resume`, and none of
   * those between; the others do not wait for it. Nothing runs while nobody can take an answer.
   */
  attach(source: LiveSource<Answer>, reader: LiveReader<Told>): LiveAttachment;
  stats(): LiveStats;
  /** Nobody is told anything any more. */
  close(): void;
}

export interface LiveSource<Answer> {
  /** The same for what reads the same with the same rights. */
  readonly key: string;
  /** Does not reject: what fails is in the answer. Its signal aborts when the last reader leaves. */
  readOnce(recorder: ReadSetRecorder, leaving: Leaving): Promise<Answer>;
}

export interface LiveReader<Told> {
  /** Takes an answer; false: not now. */
  take(told: Told): boolean;
}

export interface LiveAttachment {
  /** It can take again. */
  resume(): void;
  /** At once, for ever. */
  detach(): void;
}

export interface LiveStats {
  /** Now. */
  readonly reads: number;
  readonly readers: number;
  /** Since the start. */
  readonly runs: number;
}

export interface LiveReadsOptions<Answer, Told> {
  readonly feed: Pick<Feed, 'onCommit'>;
  readonly clock: Clock;
  /** The same text for equal answers. */
  digest(answer: Answer): string;
  /** Stands for a digest, and is as good as never the same for two: what is kept to know whether the next one differs. Left out: itself. */
  brief?(digest: string): string;
  /** Whether it could not be read just now, so that it is worth less than the answer before. */
  isFailed(answer: Answer): boolean;
  /** What readers are told of it, made once for all of them. */
  tell(answer: Answer, digest: string): Told;
  /** Calls `begin` soon: what is to run by then begins together, and reads in common statements. Left out: in a microtask. */
  gather?(begin: () => void): void;
}

/** A burst of commits costs one run per this time, while a single one is answered at once. */
const MIN_INTERVAL_MS = 25;

/** A failed answer after a good one is tried again this often, after 1 s, 2 s, 4 s..., before it is given. */
const MAX_FAILURES = 5;
const FIRST_RETRY_MS = 1_000;

/** What changes by time alone is looked at this often at most. */
const SHORTEST_WAIT_MS = 1_000;

/** Resources whose entries are kept for reads that have to run; with more of them they are read. */
const MAX_NEWS = 1_000;

/** Runs at the same time. Those of one burst read in common statements, so many are cheaper than few. */
const MAX_RUNNING = 500;

export function createLiveReads<Answer, Told>(options: LiveReadsOptions<Answer, Told>): LiveReads<Answer, Told> {
  return new Reads(options);
}

class Reads<Answer, Told> implements LiveReads<Answer, Told>, AttachmentOwner<Answer, Told> {
  readonly #options: LiveReadsOptions<Answer, Told>;
  readonly #byKey = new Map<string, LiveRead<Answer, Told>>();
  readonly #index = createReadIndex<LiveRead<Answer, Told>>();
  readonly #window = createCommitWindow();
  /** What was told since nothing was dirty: the newest entry of desired state of each resource. */
  readonly #news = new Map<string, Revision>();
  /** Dirty, and their time has come. */
  readonly #ready = new Set<LiveRead<Answer, Told>>();
  /** Dirty, and their time has not come. */
  readonly #early = new Set<LiveRead<Answer, Told>>();
  #timer: { readonly dueMs: number; cancel(): void } | null = null;
  #isFlushing = false;
  #running = 0;
  #runs = 0;
  #readers = 0;
  #detachFeed: (() => void) | null = null;

  constructor(options: LiveReadsOptions<Answer, Told>) {
    this.#options = options;
  }

  attach(source: LiveSource<Answer>, reader: LiveReader<Told>): Attachment<Answer, Told> {
    const read = this.#byKey.get(source.key) ?? new LiveRead<Answer, Told>(source);
    if (read.first === null) this.#byKey.set(source.key, read);
    this.#detachFeed ??= this.#options.feed.onCommit((commit) => this.#onCommit(commit));
    const attachment = read.add(reader, this);
    read.hasNewcomer = true;
    this.#readers += 1;
    if (read.state === 'running') read.isOutdated = true;
    else this.#becomeDirty(read);
    return attachment;
  }

  resume(attachment: Attachment<Answer, Told>): void {
    if (attachment.state !== 'behind') return;
    const { read } = attachment;
    read.catchUp(attachment);
    if (read.state === 'dirty') this.#schedule(read);
  }

  detach(attachment: Attachment<Answer, Told>): void {
    const { read } = attachment;
    if (!read.remove(attachment)) return;
    this.#readers -= 1;
    if (read.first === null) this.#drop(read);
  }

  stats(): LiveStats {
    return { reads: this.#byKey.size, readers: this.#readers, runs: this.#runs };
  }

  close(): void {
    for (const read of [...this.#byKey.values()]) {
      for (let one = read.first; one; one = one.next) read.remove(one);
      this.#drop(read);
    }
    this.#readers = 0;
  }

  #drop(read: LiveRead<Answer, Told>): void {
    this.#byKey.delete(read.source.key);
    this.#index.replace(read, read.readSet, null);
    this.#ready.delete(read);
    this.#early.delete(read);
    read.cancelAgain?.();
    read.leaving?.leave();
    if (this.#byKey.size > 0) return;
    this.#news.clear();
    this.#detachFeed?.();
    this.#detachFeed = null;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #onCommit(commit: Commit): void {
    this.#window.push(commit);
    this.#note(commit);
    this.#index.concerned(commit, (read) => {
      // What concerns a run in flight is judged when that is over.
      if (read.state === 'clean') this.#becomeDirty(read);
    });
  }

  #note({ revisions }: Commit): void {
    if (this.#ready.size + this.#early.size === 0 || this.#news.size > MAX_NEWS) this.#news.clear();
    for (const revision of revisions) {
      if (revision.op === 'removed') this.#news.delete(revision.resourceId);
      else if (desiredOps.includes(revision.op)) this.#news.set(revision.resourceId, revision);
    }
  }

  #becomeDirty(read: LiveRead<Answer, Told>): void {
    if (read.first === null) return;
    read.state = 'dirty';
    this.#schedule(read);
  }

  #schedule(read: LiveRead<Answer, Told>): void {
    if (!read.hasTakers) return;
    if (read.dueMs > this.#options.clock.monotonicMs()) {
      this.#early.add(read);
      this.#wakeAt(read.dueMs);
      return;
    }
    this.#early.delete(read);
    this.#ready.add(read);
    this.#flushSoon();
  }

  #wakeAt(dueMs: number): void {
    if (this.#timer && this.#timer.dueMs <= dueMs) return;
    this.#timer?.cancel();
    const { clock } = this.#options;
    const cancel = clock.after(Math.max(0, dueMs - clock.monotonicMs()), () => {
      this.#timer = null;
      for (const read of [...this.#early]) this.#schedule(read);
    });
    this.#timer = { dueMs, cancel };
  }

  /** After all commits that came together: their reads begin together. */
  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    const { gather = queueMicrotask } = this.#options;
    gather(() => {
      this.#isFlushing = false;
      for (const read of this.#ready) {
        if (this.#running >= MAX_RUNNING) return;
        this.#ready.delete(read);
        void this.#run(read);
      }
    });
  }

  async #run(read: LiveRead<Answer, Told>): Promise<void> {
    const { clock } = this.#options;
    read.state = 'running';
    read.isOutdated = false;
    read.run += 1;
    const startMs = clock.monotonicMs();
    read.dueMs = Math.ceil(startMs + MIN_INTERVAL_MS);
    read.cancelAgain?.();
    read.cancelAgain = null;
    const leaving = new Leaving();
    read.leaving = leaving;
    this.#running += 1;
    this.#runs += 1;
    const place = this.#window.open();
    const seen = createReadSet(read.hasNewcomer ? null : this.#news, read.readSet);
    read.hasNewcomer = false;
    const answer = await read.source.readOnce(seen, leaving);
    seen.end();
    const isOutdated = this.#window.close(place, seen) || read.isOutdated;
    // One that takes long rests as long: where everything changes all the time it is to be half of the work at most.
    const endMs = clock.monotonicMs();
    read.dueMs = Math.max(read.dueMs, Math.ceil(endMs + (endMs - startMs)));
    read.leaving = null;
    this.#running -= 1;
    if (this.#ready.size > 0) this.#flushSoon();
    if (read.first === null) return;
    this.#index.replace(read, read.readSet, seen);
    read.readSet = seen;
    read.state = 'clean';
    this.#takeAnswer(read, answer);
    const againInMs = seen.againInMs();
    if (againInMs !== null) {
      read.cancelAgain = clock.after(Math.max(againInMs, SHORTEST_WAIT_MS), () => {
        if (read.state === 'clean') this.#becomeDirty(read);
      });
    }
    if (isOutdated) this.#becomeDirty(read);
  }

  #takeAnswer(read: LiveRead<Answer, Told>, answer: Answer): void {
    const { digest, isFailed, tell, clock } = this.#options;
    if (read.serial > 0 && isFailed(answer) && read.failures < MAX_FAILURES) {
      // Who has no answer yet gets this one; the others keep the good one, and it is tried again.
      let told: Told | null = null;
      for (let one = read.first; one; one = one.next) {
        if (one.told > 0 || one.fromRun > read.run) continue;
        told ??= tell(answer, digest(answer));
        one.reader.take(told);
      }
      read.dueMs = Math.ceil(clock.monotonicMs()) + FIRST_RETRY_MS * 2 ** read.failures++;
      this.#becomeDirty(read);
      return;
    }
    read.failures = 0;
    read.toldRun = read.run;
    const found = digest(answer);
    const brief = this.#options.brief?.(found) ?? found;
    if (brief !== read.brief) {
      read.brief = brief;
      read.told = null;
      read.serial += 1;
    }
    read.tellAll(() => tell(answer, found));
  }
}
