import { stripVTControlCharacters } from 'node:util';

export interface TestCounts {
  readonly passed: number;
  /** Tests and hooks that failed or never ended, and files that crashed. */
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts from the lines of ava's own report, which is the one that people can read: its last lines leave out how many
 * passed when one failed, and its TAP leaves out stacks. Only ava writes to the output that this reads; what tests
 * print goes to standard error.
 */
export function createTestCounter(): { read(line: string): void; counts(): TestCounts } {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  return {
    read(coloured) {
      const line = stripVTControlCharacters(coloured);
      if (/^ {2}[✔√] /.test(line)) passed += 1;
      if (/^ {2}- \[(skip|todo)\] /.test(line)) skipped += 1;
      failed += failuresIn(line);
    },
    counts: () => ({ passed, failed, skipped }),
  };
}

/** The last line of a run. */
export function formatCounts({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function failuresIn(line: string): number {
  const several = /^ {2}(?:[✘×] (\d+) tests? remaining in |(\d+) tests? remained pending after a timeout)/.exec(line);
  if (several) return Number(several[1] ?? several[2]);
  // The tests that were then pending are counted by the line above.
  return /^ {2}[✘×] (?!Timed out)/.test(line) ? 1 : 0;
}
