import type { BenchCase } from '../case.js';
import type { CaseResult } from './case-result.js';
import { resultCells, resultHeadings, tableRow } from './format.js';
import type { Machine } from './machine.js';

/** docs/benchmarks.md: every case in order, those too that never ran, and what is to be said of those that miss a goal. */
export function benchmarksPage(
  cases: readonly Pick<BenchCase, 'name' | 'what'>[],
  results: ReadonlyMap<string, CaseResult>,
  notes: Readonly<Record<string, string>>,
): string {
  const rows = cases.map(({ name }) => {
    const result = results.get(name);
    return tableRow(result ? resultCells(result) : [name, '-', '-', '-', '-', 'not measured yet']);
  });
  return `${[
    '# Benchmarks',
    '',
    'Written by `npm run bench`; do not edit. How to run and read it: [bench/README.md](../bench/README.md).',
    '',
    ...explanation,
    '',
    tableRow(resultHeadings),
    tableRow(resultHeadings.map(() => '---')),
    ...rows,
    '',
    '## What each case is',
    '',
    ...cases.map(({ name, what }) => `- **${name}**: ${what}`),
    '',
    '## What is not met, why, and what next',
    '',
    ...unmetLines(cases, results, notes),
    '',
    '## Measured on',
    '',
    ...machineLines(cases, results),
  ].join('\n')}\n`;
}

const explanation = [
  'Every figure is a ratio inside one run: ours and the others run back to back, in a random order, round by round, on the same machine, data, connections and load generator.',
  'Written is the median of the ratios of the rounds and its order-statistic interval; for five rounds this is the smallest and the largest. A goal is met when the worse end of the interval meets it.',
  'CPU is user and system of the whole process tree of the server, and of Postgres and Redis, per completed operation. Whoever answers wrongly, or with an error, scores nothing.',
];

function unmetLines(
  cases: readonly Pick<BenchCase, 'name'>[],
  results: ReadonlyMap<string, CaseResult>,
  notes: Readonly<Record<string, string>>,
): readonly string[] {
  const lines = cases.flatMap(({ name }) => {
    const result = results.get(name);
    const isMet = result !== undefined && result.problems.length === 0 && result.goals.every((goal) => goal.isMet);
    if (isMet) return [];
    const problems = result?.problems.map((problem) => problem.replaceAll('\n', ' ')) ?? [];
    const note = notes[name] ?? (result ? 'No reason is known yet.' : 'It was not measured yet.');
    return [`- **${name}**: ${[...problems, note].join(' ')}`];
  });
  return lines.length > 0 ? lines : ['Nothing.'];
}

/** One line for each machine and day, with the cases that were measured there. */
function machineLines(
  cases: readonly Pick<BenchCase, 'name'>[],
  results: ReadonlyMap<string, CaseResult>,
): readonly string[] {
  const measured = cases.flatMap(({ name }) => results.get(name) ?? []);
  const groups = Map.groupBy(measured, ({ date, machine }) => `${date.slice(0, 10)}: ${machineText(machine)}`);
  if (groups.size === 0) return ['Nothing was measured yet.'];
  // How many rounds: an interval of one is no interval.
  const told = ({ name, rounds }: CaseResult) => `${name} (${rounds})`;
  return [...groups].map(([where, found]) => `- ${where}. Cases, with their rounds: ${found.map(told).join(', ')}.`);
}

function machineText({ cores, memoryGb, cpu, versions }: Machine): string {
  const known = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${cores} cores of ${cpu}, ${memoryGb} GB; ${known.join(', ')}`;
}
