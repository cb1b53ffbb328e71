import test from 'ava';
import { selectTests } from '../../scripts/test/selection.js';
import { createTestCounter, formatCounts } from '../../scripts/test/test-counts.js';

const allSources = ['test/lib/clock.test.ts', 'test/model/expand.test.ts'];

test('counts what passed, failed and was skipped, by the lines of the report', (t) => {
  t.is(
    countLines(`
  - [skip] a › binds a claim (needs kubernetes: kwok is not there)
  - [todo] a › later
  ✘ dist/test/b.test.js exited due to SIGKILL
  ✔ a › passes (1.2s)
    ℹ ✔ a log line is no test
  \u001B[31m✘ [fail]:\u001B[39m a › fails
  ✘ 3 tests remaining in dist/test/d.test.js
  ─
  a › fails
  1 test failed`),
    '1 passed, 5 failed, 2 skipped',
  );
});

test('counts each test that a time-out left, and not the time-out', (t) => {
  t.is(
    countLines(`
  ✘ Timed out while running tests
  ─
  2 tests remained pending after a timeout`),
    '0 passed, 2 failed',
  );
});

test('without arguments every test that has a source runs', (t) => {
  t.deepEqual(selectTests([], allSources), {
    sources: allSources,
    avaArgs: ['dist/test/lib/clock.test.js', 'dist/test/model/expand.test.js'],
  });
});

test('a test file may be given as source or compiled, and options go to ava', (t) => {
  const expected = ['--match', '*settled*', 'dist/test/model/expand.test.js'];
  for (const file of ['test/model/expand.test.ts', './test/model/expand.test.ts', 'dist/test/model/expand.test.js']) {
    t.deepEqual(selectTests([file, '--match', '*settled*'], allSources).avaArgs, expected);
  }
});

test('a folder, as source or compiled, is all tests below it and no others', (t) => {
  for (const folder of ['test/model', 'test/model/', './test/model', 'dist/test/model']) {
    t.deepEqual(selectTests([folder], allSources).avaArgs, ['dist/test/model/expand.test.js'], folder);
  }
  t.deepEqual(selectTests(['test/mod'], allSources).avaArgs, ['dist/test/mod']);
});

test('a pattern is the tests below it, not all there are', (t) => {
  const { sources } = selectTests(['test/scripts/test-*/**', 'test/scripts/test-r*'], allSources);
  t.deepEqual(sources, ['test/scripts/test-*/**', 'test/scripts/test-run.test.ts']);
});

test('a file that does not exist goes to ava, which says so', (t) => {
  t.deepEqual(selectTests(['test/none.test.ts'], allSources).avaArgs, ['dist/test/none.test.js']);
});

function countLines(report: string): string {
  const counter = createTestCounter();
  for (const line of report.split('\n')) counter.read(line);
  return formatCounts(counter.counts());
}
