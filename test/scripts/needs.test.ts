import test, { type ExecutionContext } from 'ava';
import { runAvaProject } from './ava-project.js';

const needsModule = new URL('../helpers/needs.js', import.meta.url).href;

/** A test file that would fail if anything in it ran. */
const testFile = `
import { needs } from '${needsModule}';
const test = needs('kubernetes');
test.before(() => { throw new Error('a hook ran'); });
test.after.always(() => { throw new Error('a hook ran'); });
test('binds a claim', (t) => t.fail('it ran'));
test.serial('takes a namespace', (t) => t.fail('it ran'));
`;

test('a test that lacks its tool is skipped, and its title says why', async (t) => {
  const { report, code } = await runWithoutTools(t, '');
  t.is(code, 0, report);
  t.regex(
    report,
    /^ok 1 - binds a claim \(needs kubernetes: kube-apiserver from \S+ and below \S+ is not .*\) # SKIP$/m,
  );
  t.regex(report, /^ok 2 - takes a namespace \(needs kubernetes: .*\) # SKIP$/m);
});

test('a test that lacks a tool that is required fails, and says what to do', async (t) => {
  const { report, code } = await runWithoutTools(t, 'kubernetes');
  t.is(code, 1, report);
  t.regex(report, /^not ok 1 - binds a claim$/m);
  t.regex(report, /^not ok 2 - takes a namespace$/m);
  t.regex(report.replaceAll(/\s+/g, ' '), /PORTOLAN_REQUIRE lists it\. Get it by: npm run tools/);
  t.notRegex(report, /a hook ran/);
});

function runWithoutTools(t: ExecutionContext, required: string): Promise<{ report: string; code: number | null }> {
  return runAvaProject(t, { testFile, args: ['--tap'], env: { PORTOLAN_REQUIRE: required } });
}
