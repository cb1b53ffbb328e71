import type { Leaving } from '../lib/leaving.js';
import type { LiveAttachment, LiveReader, LiveSource } from './live-reads.js';
import type { ReadSet } from './read-set.js';

/**
 * One read and its readers. States: clean (waits for a commit of concern), dirty (runs as soon as its time comes and a
 * reader can take the answer), running. It goes with its last reader.
 *
 * There may be one for each of thousands of readers, so readers are linked to each other, without a list beside them.
 */
export class LiveRead<Answer, Told> {
  state: 'clean' | 'dirty' | 'running' = 'clean';
  /** While running: it has to run again, for somebody came who must not get what was read before. */
  isOutdated = false;
  readSet: ReadSet | null = null;
  /** Somebody waits for a first answer: it is read, whatever the log has told before. */
  hasNewcomer = false;
  /** Of the newest run. */
  run = 0;
  /** Not earlier. A whole number: one with a fraction would lie beside the object. */
  dueMs = 0;
  /** Of the newest answer that could be read. */
  brief: string | null = null;
  /** Kept while a reader is behind. */
  told: Told | null = null;
  /** Of the newest answer: another one for another answer; 0: there was none yet. */
  serial = 0;
  /** The newest run that found it so. */
  toldRun = 0;
  failures = 0;
  leaving: Leaving | null = null;
  cancelAgain: (() => void) | null = null;
  /** In the order in which they came, by `next`. Who goes through them may let them leave. */
  first: Attachment<Answer, Told> | null = null;
  #behind = 0;
  #last: Attachment<Answer, Told> | null = null;

  constructor(readonly source: LiveSource<Answer>) {}

  /** Whether somebody could take an answer. */
  get hasTakers(): boolean {
    for (let one = this.first; one; one = one.next) if (one.state === 'ready') return true;
    return false;
  }

  add(reader: LiveReader<Told>, owner: AttachmentOwner<Answer, Told>): Attachment<Answer, Told> {
    const one = new Attachment(owner, this, reader, this.run + 1);
    one.previous = this.#last;
    if (this.#last) this.#last.next = one;
    else this.first = one;
    this.#last = one;
    return one;
  }

  /** It can take again. */
  catchUp(one: Attachment<Answer, Told>): void {
    one.state = 'ready';
    this.#behind -= 1;
    if (this.told !== null) this.#tell(one, this.told);
    this.#forget();
  }

  /** Tells all who are to be told; `make` is called once, if there is somebody. */
  tellAll(make: () => Told): void {
    let { told } = this;
    for (let one = this.first; one; one = one.next) {
      if (!one.isToBeTold) continue;
      told ??= make();
      this.#tell(one, told);
    }
    this.told = told;
    this.#forget();
  }

  /** false: it was not there any more. What it points to stays, for who goes through all. */
  remove(one: Attachment<Answer, Told>): boolean {
    if (one.state === 'left') return false;
    if (one.state === 'behind') this.#behind -= 1;
    one.state = 'left';
    if (one.previous) one.previous.next = one.next;
    else this.first = one.next;
    if (one.next) one.next.previous = one.previous;
    else this.#last = one.previous;
    return true;
  }

  #tell(one: Attachment<Answer, Told>, told: Told): void {
    if (one.state !== 'ready' || !one.isToBeTold) return;
    if (one.reader.take(told)) one.told = this.serial;
    else {
      one.state = 'behind';
      this.#behind += 1;
    }
  }

  #forget(): void {
    if (this.#behind === 0) this.told = null;
  }
}

export interface AttachmentOwner<Answer, Told> {
  resume(attachment: Attachment<Answer, Told>): void;
  detach(attachment: Attachment<Answer, Told>): void;
}

/** A reader of a read. */
export class Attachment<Answer, Told> implements LiveAttachment {
  /** The serial of what it was told last; 0: nothing. */
  told = 0;
  /** Behind: it could not take what it was to be told. */
  state: 'ready' | 'behind' | 'left' = 'ready';
  previous: Attachment<Answer, Told> | null = null;
  next: Attachment<Answer, Told> | null = null;

  constructor(
    readonly owner: AttachmentOwner<Answer, Told>,
    readonly read: LiveRead<Answer, Told>,
    readonly reader: LiveReader<Told>,
    /** The first run whose answer is for it. */
    readonly fromRun: number,
  ) {}

  /** The newest answer is for it, and it does not know it. */
  get isToBeTold(): boolean {
    return this.told !== this.read.serial && this.fromRun <= this.read.toldRun;
  }

  resume(): void {
    this.owner.resume(this);
  }

  detach(): void {
    this.owner.detach(this);
  }
}
