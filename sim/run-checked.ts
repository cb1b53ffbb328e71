import { runSeed, type SeedOptions, type SeedResult } from './run-seed.js';

/** Runs a seed, twice if asked: the second run must be the same, event by event. */
export async function runChecked(options: SeedOptions, isTwice: boolean): Promise<SeedResult> {
  const first = await runSeed(options);
  if (!isTwice || first.failure) return first;
  const second = await runSeed(options);
  if (second.hash === first.hash) return first;
  const words = `The traces of two runs of it are ${first.hash} and ${second.hash}.`;
  return { ...first, failure: { invariant: 'a seed decides everything', words, atMs: first.virtualMs } };
}
