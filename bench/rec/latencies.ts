import { setTimeout as delay } from 'node:timers/promises';

/**
 * Does `act` for each number from 0 to `count - 1`, one every `everyMs` whether or not earlier ones are done, and answers
 * how long each took from when it was meant to begin until it was seen; null: it was not seen.
 */
export async function openLoop(
  count: number,
  everyMs: number,
  act: (index: number) => Promise<number | null>,
): Promise<readonly (number | null)[]> {
  const startMs = performance.now();
  const running: Promise<number | null>[] = [];
  for (let index = 0; index < count; index += 1) {
    const intendedMs = startMs + index * everyMs;
    await delay(Math.max(0, intendedMs - performance.now()));
    running.push(act(index).then((seenMs) => (seenMs === null ? null : seenMs - intendedMs)));
  }
  return Promise.all(running);
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
