/**
 * Gives the values of all sources as they come, none before it is asked for, and ends with the last of them. A source
 * that has much to say does not keep the others from being heard. By hand, so that return() reaches them at once.
 */
export interface MergedIterator<Value> extends AsyncIterableIterator<Value> {
  /** One more source. After the end it is returned at once. */
  add(source: AsyncIterator<Value>): void;
}

/** `onClose` runs once, at the end of all or when the reader leaves. */
export function mergeIterators<Value>(
  sources: readonly AsyncIterator<Value>[],
  onClose: () => void = () => {},
): MergedIterator<Value> {
  type Pulled = { readonly source: AsyncIterator<Value>; readonly result: IteratorResult<Value> };
  const open = new Set(sources);
  const pulls = new Map<AsyncIterator<Value>, Promise<Pulled>>();
  let change = Promise.withResolvers<null>();
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();

  const pullFrom = async (source: AsyncIterator<Value>): Promise<Pulled> => ({ source, result: await source.next() });
  const pull = async (): Promise<IteratorResult<Value>> => {
    while (open.size > 0) {
      for (const source of open) if (!pulls.has(source)) pulls.set(source, pullFrom(source));
      const pulled = await Promise.race([change.promise, ...pulls.values()]);
      if (pulled === null) continue;
      // Whoever waits was in the map before this one comes again.
      pulls.delete(pulled.source);
      if (!pulled.result.done) return pulled.result;
      open.delete(pulled.source);
    }
    close();
    return { value: undefined, done: true };
  };
  const wake = () => {
    change.resolve(null);
    change = Promise.withResolvers<null>();
  };
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    for (const source of open) void source.return?.();
    open.clear();
    wake();
    onClose();
  };

  return {
    add(source) {
      if (isClosed) return void source.return?.();
      open.add(source);
      wake();
    },
    next() {
      const pulled = last.then(pull);
      last = pulled.catch(close);
      return pulled;
    },
    return() {
      close();
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
