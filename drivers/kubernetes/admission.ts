import type { Clock } from '../../lib/clock.js';

export interface Admission {
  /** Waits for a place. Throws what `refuse` makes when there is none in time, and the reason of `signal` when it aborts. */
  enter(urgency: Urgency, signal: AbortSignal): Promise<Place>;
  /** Waits, without taking a place, until nothing is held back. Throws like `enter`. */
  unheld(signal: AbortSignal): Promise<void>;
  /** Lets nobody in any more who waits for a hold to end. */
  close(): void;
  sizes(): { readonly inFlight: number; readonly waiting: number };
}

export type Urgency = 'fresh' | 'background';

export interface Place {
  leave(): void;
  /** Whether all places were taken at some time since this one was. */
  wasFull(): boolean;
}

export interface AdmissionOptions {
  readonly clock: Clock;
  /** How many places there are now. */
  limit(): number;
  /** For how long nobody gets one. */
  heldMs(): number;
  /** How long anybody waits, in milliseconds. */
  readonly patienceMs: number;
  refuse(): Error;
}

interface Waiter {
  begin(): void;
}

/**
 * Places that are taken and left, and two lanes to wait for one: `fresh` goes before `background`, but one of the
 * background goes after eight fresh ones, so that neither waits for ever.
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const { clock } = options;
  const lanes: Readonly<Record<Urgency, Set<Waiter>>> = { fresh: new Set(), background: new Set() };
  const streams = new Set<Waiter>();
  let inFlight = 0;
  let freshInARow = 0;
  let fullAt = 0;
  let entered = 0;
  let cancelHold: (() => void) | null = null;

  const take = (lane: Set<Waiter>): boolean => {
    const [first] = lane;
    if (!first) return false;
    lane.delete(first);
    first.begin();
    return true;
  };
  const takeNext = (): boolean => {
    const isBackgroundDue = lanes.fresh.size === 0 || freshInARow >= FRESH_BEFORE_BACKGROUND;
    if (isBackgroundDue && take(lanes.background)) {
      freshInARow = 0;
      return true;
    }
    freshInARow = lanes.background.size > 0 ? freshInARow + 1 : 0;
    return take(lanes.fresh);
  };
  const pump = () => {
    const heldMs = options.heldMs();
    if (heldMs > 0) {
      cancelHold ??= clock.after(heldMs, () => {
        cancelHold = null;
        pump();
      });
      return;
    }
    while (take(streams));
    while (inFlight < options.limit() && takeNext());
    if (inFlight >= options.limit()) fullAt = entered;
  };

  /** Resolves when `lane` lets it go on. */
  const wait = (lane: Set<Waiter>, signal: AbortSignal, onBegin: () => void): Promise<void> => {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (options.heldMs() > options.patienceMs) return Promise.reject(options.refuse());
    return new Promise((resolve, reject) => {
      const end = () => {
        cancel();
        signal.removeEventListener('abort', abort);
        lane.delete(waiter);
      };
      const abort = () => {
        end();
        reject(signal.reason);
      };
      const cancel = clock.after(options.patienceMs, () => {
        end();
        reject(options.refuse());
      });
      const waiter: Waiter = {
        begin() {
          end();
          onBegin();
          resolve();
        },
      };
      signal.addEventListener('abort', abort, { once: true });
      lane.add(waiter);
      pump();
    });
  };

  return {
    async enter(urgency, signal) {
      let serial = 0;
      await wait(lanes[urgency], signal, () => {
        inFlight += 1;
        serial = ++entered;
      });
      let hasLeft = false;
      return {
        wasFull: () => fullAt >= serial,
        leave() {
          if (hasLeft) return;
          hasLeft = true;
          inFlight -= 1;
          pump();
        },
      };
    },
    unheld: (signal) => wait(streams, signal, () => {}),
    sizes: () => ({ inFlight, waiting: lanes.fresh.size + lanes.background.size + streams.size }),
    close: () => cancelHold?.(),
  };
}

const FRESH_BEFORE_BACKGROUND = 8;
