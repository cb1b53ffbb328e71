import type { Random } from './random.js';

export interface Backoff {
  /** Of the first wait. */
  readonly baseMs: number;
  readonly capMs: number;
}

/** How long to wait after `failures` failures in a row (from 1): doubling up to the cap, then spread over its upper half, so that many do not come back at once. */
export function backoffMs(failures: number, backoff: Backoff, random: Random): number {
  const fullMs = Math.min(backoff.capMs, backoff.baseMs * 2 ** Math.min(failures - 1, LARGEST_EXPONENT));
  return Math.round(fullMs * (0.5 + random.next() / 2));
}

/** Keeps the power finite. */
const LARGEST_EXPONENT = 30;
