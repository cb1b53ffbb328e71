import { writeFile } from 'node:fs/promises';
import { errorText } from '../lib/errors.js';
import { cases } from './cases.js';
import { resultCells, resultHeadings, tableRow } from './harness/format.js';
import { benchmarksPage } from './harness/page.js';
import { ensurePeerPackages } from './harness/peer-packages.js';
import { readResults, writeResult } from './harness/results.js';
import { runCase } from './harness/run-case.js';
import { notes } from './notes.js';
import { parseBenchOptions } from './options.js';

/*
 * npm run bench: runs cases one after the other. Standard output gets one line of JSON and one row of a table for each,
 * standard error the progress. Exits with 0 when all is correct: whether goals are met is for the reader, since a shared
 * machine says little of it in small sizes. The last line counts cases.
 */

process.exitCode = await run().catch((error) => {
  process.stderr.write(`${errorText(error)}\n`);
  return 1;
});

async function run(): Promise<number> {
  const names = cases.map(({ name }) => name);
  const options = parseBenchOptions(process.argv.slice(2), names);
  if (options.isList) {
    process.stdout.write(cases.map(({ name, what }) => `${name.padEnd(16)} ${what}\n`).join(''));
    return 0;
  }
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort(new Error('Stopped.')));
  process.once('SIGTERM', () => stopping.abort(new Error('Stopped.')));
  const startMs = performance.now();
  const tell = (text: string) => {
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1).padStart(7);
    process.stderr.write(`${seconds} s  ${text}\n`);
  };

  await ensurePeerPackages(tell);
  const chosen = cases.filter(({ name }) => options.names.length === 0 || options.names.includes(name));
  process.stdout.write(`${tableRow(resultHeadings)}\n${tableRow(resultHeadings.map(() => '---'))}\n`);
  let failed = 0;
  for (const bench of chosen) {
    const result = await runCase(bench, { ...options, signal: stopping.signal, tell });
    process.stdout.write(`${JSON.stringify(result)}\n${tableRow(resultCells(result))}\n`);
    // Not among the progress: what is wrong is a part of the answer.
    for (const problem of result.problems) process.stdout.write(`${bench.name}: ${problem}\n`);
    if (result.problems.length > 0) failed += 1;
    if (options.isSmoke) continue;
    await writeResult(result);
    await writeFile('docs/benchmarks.md', benchmarksPage(cases, await readResults(), notes));
  }
  process.stdout.write(`${chosen.length - failed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}
