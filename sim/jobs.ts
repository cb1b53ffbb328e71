import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SeedResult } from './run-seed.js';

export interface JobsOptions {
  readonly first: number;
  readonly count: number;
  readonly isTwice: boolean;
  readonly jobs: number;
  readonly onResult: (result: SeedResult) => void;
}

/** Runs seeds in processes of their own, so that all cores work. Rejects when one of them broke. */
export async function runJobs({ first, count, isTwice, jobs, onResult }: JobsOptions): Promise<void> {
  let next = first;
  const end = first + count;
  const batch = Math.min(MOST_OF_ONE, Math.ceil(count / (jobs * ROUNDS)));
  const work = async () => {
    while (next < end) {
      const from = next;
      const seeds = Math.min(batch, end - from);
      next += seeds;
      await runBatch(
        ['--child', '--from', String(from), '--seeds', String(seeds), ...(isTwice ? ['--twice'] : [])],
        onResult,
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, Math.ceil(count / batch)) }, work));
}

/** Of one process, in seeds: until its code is compiled, and compiled well, takes as long as ten of them. */
const MOST_OF_ONE = 500;
/** Each processor takes its seeds in so many batches, so that all end together. */
const ROUNDS = 2;

function runBatch(given: readonly string[], onResult: (result: SeedResult) => void): Promise<void> {
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = spawn(process.execPath, [main, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', (line) => onResult(JSON.parse(line) as SeedResult));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The process of ${given.slice(1, 5).join(' ')} ended with ${code}.`));
    });
  });
}
