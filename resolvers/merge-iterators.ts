/**
 * Gives the values of all sources as they come, none before it is asked for, and ends with the last of them. A source
 * that has much to say does not keep the others from being heard. By hand, so that return() reaches them at once.
 */
export function mergeIterators<Value>(sources: readonly AsyncIterator<Value>[]): AsyncIterableIterator<Value> {
  type Pulled = { readonly source: AsyncIterator<Value>; readonly result: IteratorResult<Value> };
  const open = new Set(sources);
  const pulls = new Map<AsyncIterator<Value>, Promise<Pulled>>();
  const { promise: left, resolve: leave } = Promise.withResolvers<null>();
  let last: Promise<unknown> = Promise.resolve();

  const pull = async (): Promise<IteratorResult<Value>> => {
    while (open.size > 0) {
      for (const source of open) {
        if (!pulls.has(source))
          pulls.set(
            source,
            source.next().then((result) => ({ source, result })),
          );
      }
      const pulled = await Promise.race([left, ...pulls.values()]);
      if (pulled === null) break;
      // Whoever comes next was in the map before this one comes again.
      pulls.delete(pulled.source);
      if (!pulled.result.done) return pulled.result;
      open.delete(pulled.source);
    }
    return { value: undefined, done: true };
  };
  const close = () => {
    leave(null);
    for (const source of open) void source.return?.();
    open.clear();
  };

  return {
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
