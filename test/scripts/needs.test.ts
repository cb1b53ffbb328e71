import { spawn } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { temporaryFolder } from '../helpers/temporary-folder.js';

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

/** Runs the test file in a project of its own, on a machine that has nothing. */
async function runWithoutTools(
  t: ExecutionContext,
  required: string,
): Promise<{ report: string; code: number | null }> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(join(folder, 'needy.test.js'), testFile);
  const packages = fileURLToPath(new URL('../../', import.meta.resolve('ava')));
  await symlink(packages, join(folder, 'node_modules'));

  const cli = fileURLToPath(new URL('./cli.js', import.meta.resolve('ava')));
  const child = spawn(process.execPath, [cli, '--tap', '--no-worker-threads'], {
    cwd: folder,
    env: { PATH: '', XDG_CACHE_HOME: folder, PORTOLAN_REQUIRE: required },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [report, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { report: report + complaint, code };
}
