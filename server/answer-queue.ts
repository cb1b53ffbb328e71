import type { Json } from '../lib/canonical.js';
import type { Clock } from '../lib/clock.js';

/**
 * Brings the parts of one answer from a controller to one asker, with back-pressure: a part is taken when less than the
 * bound waits, so at most the bound and one part are ever kept. Written by hand, so that return() ends it at once.
 */
export interface AnswerQueue extends AsyncIterableIterator<Json> {
  /** UNWANTED: it has ended. FULL: there was no room within the time for that, and nothing was taken. */
  offer(chunks: readonly Json[], sizeBytes: number): Promise<'TAKEN' | 'FULL' | 'UNWANTED'>;
  /** The asker gets what waits, then the end; with `error` it is thrown then. Ending twice does nothing. */
  end(error?: Error): void;
  /** Drops what waits, and ends. */
  return(): Promise<IteratorResult<Json>>;
}

export interface AnswerQueueOptions {
  readonly clock: Clock;
  readonly waitingBytes: number;
  readonly roomMs: number;
}

export function createAnswerQueue({ clock, waitingBytes, roomMs }: AnswerQueueOptions): AnswerQueue {
  let parts: { chunks: Json[]; readonly sizeBytes: number }[] = [];
  let keptBytes = 0;
  const readers: { resolve(result: IteratorResult<Json>): void; reject(error: unknown): void }[] = [];
  let isEnded = false;
  let failure: Error | null = null;
  let tellRoom: (() => void) | null = null;

  const hasRoom = () => keptBytes < waitingBytes;

  /** undefined: nothing waits. */
  const take = (): IteratorResult<Json> | undefined => {
    const [part] = parts;
    if (!part) return undefined;
    const value = part.chunks.shift() ?? null;
    if (part.chunks.length === 0) {
      parts = parts.slice(1);
      keptBytes -= part.sizeBytes;
      if (hasRoom()) tellRoom?.();
    }
    return { value, done: false };
  };

  const finish = (): Promise<IteratorResult<Json>> => {
    const thrown = failure;
    failure = null;
    return thrown ? Promise.reject(thrown) : Promise.resolve({ value: undefined, done: true });
  };

  const serve = () => {
    while (readers.length > 0) {
      const result = take();
      if (!result && !isEnded) return;
      const reader = readers.shift();
      if (result) reader?.resolve(result);
      else if (reader) finish().then(reader.resolve, reader.reject);
    }
  };

  const untilRoom = () =>
    new Promise<void>((resolve) => {
      const done = () => {
        cancel();
        tellRoom = null;
        resolve();
      };
      const cancel = clock.after(roomMs, done);
      tellRoom = done;
    });

  return {
    async offer(chunks, sizeBytes) {
      if (!isEnded && !hasRoom()) await untilRoom();
      if (isEnded) return 'UNWANTED';
      if (!hasRoom()) return 'FULL';
      if (chunks.length > 0) {
        parts.push({ chunks: [...chunks], sizeBytes });
        keptBytes += sizeBytes;
        serve();
      }
      return 'TAKEN';
    },
    end(error) {
      if (isEnded) return;
      isEnded = true;
      failure = error ?? null;
      tellRoom?.();
      serve();
    },
    next() {
      const result = take();
      if (result) return Promise.resolve(result);
      if (isEnded) return finish();
      return new Promise((resolve, reject) => readers.push({ resolve, reject }));
    },
    return() {
      parts = [];
      keptBytes = 0;
      failure = null;
      this.end();
      failure = null;
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
