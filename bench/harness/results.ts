import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaseResult } from './case-result.js';

/** The newest full result of each case, one file a case, so that a run of one changes nothing else. */
export const resultsFolder = 'docs/benchmarks';

export async function writeResult(result: CaseResult, folder: string = resultsFolder): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${result.name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

/** By name of the case; those that never ran are not in it. */
export async function readResults(folder: string = resultsFolder): Promise<ReadonlyMap<string, CaseResult>> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
  const results = await Promise.all(
    names.map(async (name): Promise<CaseResult> => JSON.parse(await readFile(join(folder, name), 'utf8'))),
  );
  return new Map(results.map((result) => [result.name, result]));
}
