import type { Clock } from '../lib/clock.js';

/**
 * Runs `callback` once after `delayMs`, when all that has come until then was read too. A process that stood still for a
 * while runs its timers before it reads, and would take for silent who spoke in time. Returns a function that cancels it.
 */
export function afterReads(clock: Clock, delayMs: number, callback: () => void): () => void {
  let isCancelled = false;
  const cancelTimer = clock.after(delayMs, () => {
    // After the second, the event loop has read everything once, wherever it was when the time was over.
    setImmediate(() =>
      setImmediate(() => {
        if (!isCancelled) callback();
      }),
    );
  });
  return () => {
    isCancelled = true;
    cancelTimer();
  };
}
