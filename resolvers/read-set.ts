import type { Commit, Revision } from '../db/contract.js';
import type { ReadPredicate, ReadSetRecorder } from '../db/read/read-set.js';
import { matchesPredicate } from './matches-predicate.js';

/** What one run of a live read looked at. */
export interface ReadSet extends ReadSetRecorder {
  /** Whether it looked at this resource. */
  has(id: string): boolean;
  /** At which version it was read; 0: it is not known. */
  versionOf(id: string): number;
  /** The resources that it looked at, each once. */
  eachId(tell: (id: string) => void): void;
  /** By their text: the same one is there once. */
  predicates(): ReadonlyMap<string, ReadPredicate>;
  /** Whether the run might answer otherwise after this commit. */
  isConcernedBy(commit: Commit): boolean;
  /** When to run again though nothing concerns it. null: no need to. */
  againInMs(): number | null;
  /** The run is over: nothing is asked any more. */
  end(): void;
}

/** `news`: the newest entries of desired state that were told, by resource. `before`: what the run before looked at. */
export function createReadSet(news: News | null = null, before: ReadSet | null = null): ReadSet {
  return new RecordedReads(news, before);
}

export type News = ReadonlyMap<string, Revision>;

/** A class, for there may be one for each of thousands of readers, most of whom look at one resource: it needs no Map. */
class RecordedReads implements ReadSet {
  #firstId: string | null = null;
  #firstVersion = 0;
  /** Of the others. */
  #known: Map<string, number> | null = null;
  #news: News | null;
  #before: ReadSet | null;
  #predicates: Map<string, ReadPredicate> | null = null;
  #shortestMs: number | null = null;

  constructor(news: News | null, before: ReadSet | null) {
    this.#news = news;
    this.#before = before;
  }

  ids(ids: Iterable<string>): void {
    for (const id of ids) if (!this.has(id)) this.saw(id, 0);
  }

  news(id: string): Revision | null {
    const told = this.#news?.get(id);
    if (!told) return null;
    const version = this.#before?.versionOf(id) ?? 0;
    return version > 0 && version <= told.version ? told : null;
  }

  saw(id: string, version: number): void {
    this.#firstId ??= id;
    if (this.#firstId === id) this.#firstVersion = version;
    else {
      this.#known ??= new Map();
      this.#known.set(id, version);
    }
  }

  end(): void {
    this.#news = null;
    this.#before = null;
  }

  predicate(predicate: ReadPredicate): void {
    this.#predicates ??= new Map();
    this.#predicates.set(JSON.stringify(predicate), predicate);
  }

  again(inMs: number): void {
    this.#shortestMs = Math.min(inMs, this.#shortestMs ?? inMs);
  }

  againInMs(): number | null {
    return this.#shortestMs;
  }

  has(id: string): boolean {
    return this.#firstId === id || this.#known?.has(id) === true;
  }

  versionOf(id: string): number {
    return this.#firstId === id ? this.#firstVersion : (this.#known?.get(id) ?? 0);
  }

  eachId(tell: (id: string) => void): void {
    if (this.#firstId !== null) tell(this.#firstId);
    if (this.#known) for (const id of this.#known.keys()) tell(id);
  }

  predicates(): ReadonlyMap<string, ReadPredicate> {
    return this.#predicates ?? NO_PREDICATES;
  }

  isConcernedBy({ revisions }: Commit): boolean {
    const predicates = [...this.predicates().values()];
    return revisions.some(
      (revision) =>
        this.has(revision.resourceId) || predicates.some((predicate) => matchesPredicate(predicate, revision)),
    );
  }
}

const NO_PREDICATES: ReadonlyMap<string, ReadPredicate> = new Map();
