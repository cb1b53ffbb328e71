import { closeSync, openSync, writeSync } from 'node:fs';
import { errorText } from '../lib/errors.js';
import { readSimConfig, type SimConfig, usage } from './config.js';
import { runJobs } from './jobs.js';
import { runChecked } from './run-checked.js';
import type { SeedResult } from './run-seed.js';

/** npm run sim: the whole plane in one process, on virtual time, as often as there are seeds. */
async function main(): Promise<number> {
  const config = readSimConfig(process.argv.slice(2));
  if (config.isChild) return runHere(config);
  return config.count === 1 ? runOne(config) : runMany(config);
}

async function runHere({ first, count, isTwice }: SimConfig): Promise<number> {
  for (let seed = first; seed < first + count; seed += 1) {
    const result = await runChecked({ seed }, isTwice);
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  return 0;
}

async function runOne({ first: seed, isTwice, traceFile }: SimConfig): Promise<number> {
  const file = traceFile === null || traceFile === '-' ? null : openSync(traceFile, 'w');
  const write = (line: string) => {
    const text = line.endsWith('\n') ? line : `${line}\n`;
    if (file === null) process.stdout.write(text);
    else writeSync(file, text);
  };
  const result = await runChecked({ seed, ...(traceFile !== null && { write }) }, isTwice);
  if (file !== null) closeSync(file);
  const { events, virtualMs, hash, edits } = result;
  const { acknowledged, refused, unknown } = edits;
  process.stdout.write(
    `Seed ${seed}: ${events} events in ${Math.round(virtualMs / 1000)} s of virtual time, trace ${hash}. ` +
      `Edits: ${acknowledged} acknowledged, ${refused} refused, ${unknown} unknown.\n`,
  );
  process.stdout.write(result.failure ? failureText(result) : 'All invariants hold.\n');
  return result.failure ? 1 : 0;
}

async function runMany({ first, count, isTwice, jobs }: SimConfig): Promise<number> {
  const begunMs = performance.now();
  let passed = 0;
  let failed = 0;
  const isTerminal = process.stdout.isTTY;
  const progress = () => {
    const done = passed + failed;
    const rate = done / ((performance.now() - begunMs) / 1000);
    return `${done} of ${count} seeds, ${rate.toFixed(1)} seeds/s`;
  };
  await runJobs({
    ...{ first, count, isTwice, jobs },
    onResult(result) {
      if (result.failure) failed += 1;
      else passed += 1;
      if (isTerminal) process.stdout.write(`\r${progress()}`);
      else if ((passed + failed) % PROGRESS_EVERY === 0) process.stdout.write(`${progress()}\n`);
      if (result.failure) process.stdout.write(`${isTerminal ? '\n' : ''}${failureText(result)}`);
    },
  });
  process.stdout.write(`${isTerminal ? '\n' : ''}${progress()}\n${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed === count ? 0 : 1;
}

/** Where nobody looks on. */
const PROGRESS_EVERY = 100;

function failureText({ seed, failure }: SeedResult): string {
  if (!failure) return '';
  const { invariant, words, atMs } = failure;
  const told = words
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  return (
    `Seed ${seed} broke after ${(atMs / 1000).toFixed(1)} s of virtual time: ${invariant}.\n${told}\n` +
    `  Replay it: npm run sim -- --seed ${seed} --trace seed-${seed}.txt\n`
  );
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${errorText(error)}\n\n${usage}`);
    process.exitCode = 2;
  },
);
