import { type Clock, sleep } from '../../lib/clock.js';
import type { Bus } from '../bus.js';

/** Wakes between processes over the same database. Hints: a lost one costs latency only. */
export interface Notifier {
  /** Tells the others: the first at once, what comes while that is on its way and shortly after it by one more message. */
  tell(): void;
  close(): void;
}

export interface NotifierOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  /** Tells our own messages from those of others. */
  readonly sender: string;
  /** Somebody else committed something, or may have while we did not hear it. */
  onWake(): void;
}

export function createNotifier({ bus, clock, sender, onWake }: NotifierOptions): Notifier {
  const closing = new AbortController();
  let isTelling = false;
  let hasMore = false;
  const detach = bus.subscribe(CHANNEL, {
    onMessage: (message) => message !== sender && onWake(),
    onAttach: onWake,
  });

  const flush = async (): Promise<void> => {
    isTelling = true;
    while (hasMore && !closing.signal.aborted) {
      hasMore = false;
      await bus.publish(CHANNEL, sender);
      await sleep(clock, REST_MS, closing.signal);
    }
    isTelling = false;
  };

  return {
    tell() {
      hasMore = true;
      if (!isTelling) void flush();
    },
    close() {
      closing.abort();
      detach();
    },
  };
}

const CHANNEL = 'revision';
/** Under load: one NOTIFY, which takes a lock of the whole database at its commit, per this time. */
const REST_MS = 5;
