import test from 'ava';
import type { CaseResult } from '../../bench/harness/case-result.js';
import { resultCells, tableRow } from '../../bench/harness/format.js';
import { benchmarksPage } from '../../bench/harness/page.js';
import { readResults, writeResult } from '../../bench/harness/results.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const interval = (median: number) => ({ median, low: median - 0.1, high: median + 0.1, coverage: 0.9375 });

function makeResult(name: string, ratio: number, problems: readonly string[] = []): CaseResult {
  return {
    name,
    what: 'One thing.',
    date: '2026-11-28T12:00:00.000Z',
    machine: { cores: 2, memoryGb: 24, cpu: 'A CPU', versions: { node: '24.21.0' } },
    isSmoke: false,
    seed: 1,
    rounds: 5,
    contenders: [
      {
        name: 'ours',
        role: 'ours',
        operations: 500,
        cpuUsEach: interval(200),
        perSecond: interval(1000),
        loadCpuUsEach: null,
        figures: {},
      },
    ],
    goals: [{ name: 'CPU of floor / ours', unit: 'times', atLeast: 0.8, value: interval(ratio), isMet: ratio >= 0.9 }],
    problems,
  };
}

test('a row says what was measured, within which interval, and whether the goal is met', (t) => {
  const row = tableRow(resultCells(makeResult('q.point', 1)));
  t.is(row, '| q.point | 200 us, 1000/s | - | - | CPU of floor / ours: 1 [0.90, 1.10] (>= 0.80) ✓ | yes |');
  t.regex(tableRow(resultCells(makeResult('q.point', 0.5))), /✗ \| no: 1 of 1 missed \|$/);
  t.regex(tableRow(resultCells(makeResult('q.point', 1, ['It lied.']))), /\| not correct \|$/);
});

test('the page has every case, and says of those that miss a goal why', (t) => {
  const cases = ['good', 'slow', 'wrong', 'new'].map((name) => ({ name, what: `What ${name} is.` }));
  const results = new Map([
    ['good', makeResult('good', 1)],
    ['slow', makeResult('slow', 0.5)],
    ['wrong', makeResult('wrong', 1, ['It lied.'])],
  ]);
  const page = benchmarksPage(cases, results, { slow: 'The profile shows X; next is Y.' });
  t.regex(page, /^\| new .*not measured yet \|$/m);
  t.regex(page, /^- \*\*slow\*\*: The profile shows X; next is Y\.$/m);
  t.regex(page, /^- \*\*wrong\*\*: It lied\. No reason is known yet\.$/m);
  t.notRegex(page, /^- \*\*good\*\*: (?!What)/m);
  t.regex(
    page,
    /^- 2026-11-28: 2 cores of A CPU, 24 GB; node 24\.21\.0\. Cases, with their rounds: good \(5\), slow \(5\), wrong \(5\)\.$/m,
  );
});

test('a result is kept by the name of its case, and a new one takes its place', async (t) => {
  const folder = await temporaryFolder(t);
  await writeResult(makeResult('a', 0.5), folder);
  await writeResult(makeResult('b', 1), folder);
  await writeResult(makeResult('a', 1), folder);
  const results = await readResults(folder);
  t.deepEqual([...results.keys()].sort(), ['a', 'b']);
  t.deepEqual(results.get('a'), makeResult('a', 1));
});
