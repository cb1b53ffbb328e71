/**
 * A bounded hand-over from callbacks to one async reader.
 *
 * Written by hand because an async generator that is parked on an await is not detached by return():
 * the call queues behind the await. Here return() ends the channel at once and runs `onClose`.
 */
export interface Channel<T> extends AsyncIterableIterator<T> {
  /** Hands `value` to the reader. When `limit` values wait, the oldest is dropped and `onOverflow` is told. */
  push(value: T): void;
  /** Ends the channel: the reader gets what waits, then done; with `error` it is thrown after that. */
  end(error?: unknown): void;
  return(): Promise<IteratorResult<T>>;
}

export interface ChannelOptions {
  /** How many values may wait for the reader. */
  readonly limit: number;
  /** Runs once, when the reader leaves or the channel ends. */
  readonly onClose?: () => void;
  readonly onOverflow?: () => void;
}

export function createChannel<T>(options: ChannelOptions): Channel<T> {
  const waiting: T[] = [];
  let readers: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void }[] = [];
  let ended = false;
  let failure: { readonly error: unknown } | null = null;
  let closed = false;

  const close = () => {
    if (closed) return;
    closed = true;
    options.onClose?.();
  };
  const finish = (): Promise<IteratorResult<T>> => {
    close();
    const thrown = failure;
    failure = null;
    return thrown ? Promise.reject(thrown.error) : Promise.resolve({ value: undefined, done: true });
  };

  return {
    push(value) {
      if (ended) return;
      const reader = readers.shift();
      if (reader) return reader.resolve({ value, done: false });
      waiting.push(value);
      if (waiting.length > options.limit) {
        waiting.shift();
        options.onOverflow?.();
      }
    },
    end(error) {
      if (ended) return;
      ended = true;
      if (error !== undefined) failure = { error };
      const left = readers;
      readers = [];
      for (const reader of left) finish().then(reader.resolve, reader.reject);
      close();
    },
    next() {
      const value = waiting.shift();
      if (value !== undefined) return Promise.resolve({ value, done: false });
      if (ended) return finish();
      return new Promise((resolve, reject) => readers.push({ resolve, reject }));
    },
    return() {
      waiting.length = 0;
      failure = null;
      this.end();
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
