import { spawn } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { temporaryFolder } from '../helpers/temporary-folder.js';

/** Runs one test file in a project of its own, on a machine that has nothing. The report has both outputs. */
export async function runAvaProject(
  t: ExecutionContext<unknown>,
  project: { testFile: string; config?: object; args?: readonly string[]; env?: Readonly<Record<string, string>> },
): Promise<{ report: string; code: number | null }> {
  const folder = await temporaryFolder(t);
  const config = { files: ['*.test.js'], workerThreads: false, ...project.config };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', ava: config }));
  await writeFile(join(folder, 'one.test.js'), project.testFile);
  const packages = fileURLToPath(new URL('../../', import.meta.resolve('ava')));
  await symlink(packages, join(folder, 'node_modules'));

  const cli = fileURLToPath(new URL('./cli.js', import.meta.resolve('ava')));
  const child = spawn(process.execPath, [cli, ...(project.args ?? [])], {
    cwd: folder,
    env: { PATH: '', XDG_CACHE_HOME: folder, ...project.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [report, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { report: report + complaint, code };
}
