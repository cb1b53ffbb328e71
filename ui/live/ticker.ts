import type { Clock } from '../../lib/clock.js';

/** The time for ages on the page. It moves only while somebody looks. */
export interface Ticker {
  nowMs(): number;
  follow(listener: () => void): () => void;
}

const EVERY_MS = 1_000;

export function createTicker(clock: Clock): Ticker {
  const listeners = new Set<() => void>();
  let cancel: (() => void) | null = null;
  const tick = () => {
    cancel = clock.after(EVERY_MS, tick);
    for (const listener of [...listeners]) listener();
  };
  return {
    nowMs: () => clock.now(),
    follow(listener) {
      listeners.add(listener);
      cancel ??= clock.after(EVERY_MS, tick);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        cancel?.();
        cancel = null;
      };
    },
  };
}
