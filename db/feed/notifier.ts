import { type Clock, sleep } from '../../lib/clock.js';
import type { Bus } from '../bus.js';

/** Wakes between processes over the same database. Hints: a lost one costs latency only. */
export interface Notifier {
  /**
   * Tells the others: the first at once, what comes while that is on its way and shortly after it by one more message.
   * Where much comes in that time, it is longer.
   */
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
  /** Since the last message. */
  let told = 0;
  const detach = bus.subscribe(CHANNEL, {
    onMessage: (message) => message !== sender && onWake(),
    onAttach: onWake,
  });

  const flush = async (): Promise<void> => {
    isTelling = true;
    while (told > 0 && !closing.signal.aborted) {
      const isBusy = told >= BUSY;
      told = 0;
      await bus.publish(CHANNEL, sender);
      await sleep(clock, isBusy ? LONG_REST_MS : REST_MS, closing.signal);
    }
    isTelling = false;
  };

  return {
    tell() {
      told += 1;
      if (!isTelling) void flush();
    },
    close() {
      closing.abort();
      detach();
    },
  };
}

const CHANNEL = 'revision';
/** Under load: one NOTIFY, which is a commit of its own and takes a lock of the whole database, per this time. */
const REST_MS = 5;
/** From so many in one rest on the next one is long. Live reads of a burst of commits run as often (resolvers/live-reads.ts). */
const BUSY = 5;
const LONG_REST_MS = 25;
