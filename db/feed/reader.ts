import type { Commit } from '../contract.js';
import type { Page } from './page.js';
import type { Ring } from './ring.js';

/** One reader of the complete log. It pulls, so a slow one costs nothing but its place. */
export interface Reader extends AsyncIterableIterator<Commit> {
  /** The head moved. */
  advance(): void;
  end(): void;
  return(): Promise<IteratorResult<Commit>>;
}

export interface ReaderSource {
  /** Where to begin. Throws CursorExpiredError. */
  begin(): Promise<bigint>;
  /** The ring of this moment. */
  ring(): Ring;
  /** A page of the table. Throws CursorExpiredError when retention passed that place. */
  page(after: bigint): Promise<Page>;
}

export function createReader(source: ReaderSource, onDetach: () => void): Reader {
  let at: bigint | null = null;
  let read: Commit[] = [];
  let isDone = false;
  let park: (() => void) | null = null;
  /** Calls of next() are served one after the other. */
  let last: Promise<unknown> = Promise.resolve();

  const detach = () => {
    if (isDone) return;
    isDone = true;
    onDetach();
    park?.();
  };
  const advanced = () =>
    new Promise<void>((resolve) => {
      park = () => {
        park = null;
        resolve();
      };
    });

  async function pull(): Promise<IteratorResult<Commit>> {
    while (!isDone) {
      at ??= await source.begin();
      const buffered = read.shift();
      if (buffered) return { value: buffered, done: false };
      if (at >= source.ring().after) {
        const commit = source.ring().next(at);
        if (commit) {
          at = commit.seq;
          return { value: commit, done: false };
        }
        if (!isDone) await advanced();
      } else {
        const page = await source.page(at);
        read = [...page.commits];
        at = page.upTo;
      }
    }
    return { value: undefined, done: true };
  }

  return {
    advance: () => park?.(),
    end: detach,
    next() {
      const result = last.then(pull).catch((error) => {
        detach();
        throw error;
      });
      last = result.catch(() => {});
      return result;
    },
    return() {
      read = [];
      detach();
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
