/** A value that views follow: they are drawn again when it becomes another one. */
export interface Cell<Value> {
  get(): Value;
  set(next: Value): void;
  /** Returns a function that ends it. */
  follow(listener: () => void): () => void;
}

export function createCell<Value>(first: Value): Cell<Value> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(value, next)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    follow(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
