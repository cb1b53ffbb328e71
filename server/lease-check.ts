import type { LeaseHolderRow } from '../db/read/read-models.js';
import type { Clock } from '../lib/clock.js';

export interface LeaseCheckOptions {
  readonly findHolder: (leaseKey: string) => Promise<LeaseHolderRow | null>;
  readonly clock: Clock;
  /** The leases in use; while there are none, nothing is looked at. */
  keys(): readonly string[];
  onHolder(leaseKey: string, holder: LeaseHolderRow): void;
}

/**
 * Looks every few seconds who holds the leases in use: a holder that stands still tells nothing, while another one may
 * have taken over. A lease that nobody holds, and a database that does not answer, say nothing either.
 */
export interface LeaseCheck {
  /** To be called when a lease comes into use. */
  start(): void;
  /** To be called when none is in use any more. */
  stop(): void;
}

export function createLeaseCheck({ findHolder, clock, keys, onHolder }: LeaseCheckOptions): LeaseCheck {
  let cancel: (() => void) | null = null;

  const look = async (key: string) => {
    const holder = await findHolder(key).catch(() => null);
    if (holder) onHolder(key, holder);
  };
  const round = async () => {
    cancel = null;
    await Promise.all([...new Set(keys())].map(look));
    if (keys().length > 0) start();
  };
  const start = () => {
    cancel ??= clock.after(EVERY_MS, () => void round());
  };
  return {
    start,
    stop() {
      cancel?.();
      cancel = null;
    },
  };
}

/** One statement for each lease under which something is asked. */
const EVERY_MS = 5_000;
