import { spawn } from 'node:child_process';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Sources of this room, with the packages of peers; benchmarks run from the root of the project. */
export const peersFolder = 'bench';

/** Installs what bench/package-lock.json names, when it is not there yet. Only benchmarks need it. Throws an Error. */
export async function ensurePeerPackages(tell: (text: string) => void): Promise<void> {
  const lock = join(peersFolder, 'package-lock.json');
  const installed = join(peersFolder, 'node_modules', '.installed-lock.json');
  const [wanted, found] = await Promise.all([lock, installed].map((path) => readFile(path, 'utf8').catch(() => null)));
  if (wanted === null || wanted === found) return;
  tell('installing the packages of peers (npm ci in bench/); some minutes at the first time');
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], peersFolder);
  await copyFile(lock, installed);
}

function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // Standard output is for results.
    const child = spawn(program, args, { cwd, stdio: ['ignore', process.stderr, process.stderr] });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${program} ${args.join(' ')} in ${cwd} ended with ${code}. Run it by hand to see why.`)),
    );
  });
}
