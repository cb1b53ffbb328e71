import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { errorText } from '../lib/errors.js';
import type { FittingSnapshot } from '../server/snapshot/find-snapshot.js';
import { snapshotShell } from './snapshot-shell.js';
import { startOfSnapshot } from './snapshot-start.js';

/** A file of the bundle, as rolldown tells of it. */
export interface BundledFile {
  readonly fileName: string;
  readonly code: string;
  /** Files that it loads at once. */
  readonly imports: readonly string[];
}

/**
 * Makes the snapshot of the server out of preload.cjs in this folder and all that it loads. Without one a start takes
 * longer, and that is all: so what goes wrong is said, and the build goes on.
 */
export function buildSnapshot(folder: string, files: readonly BundledFile[]): void {
  const blob = join(folder, 'snapshot.blob');
  const program = join(folder, 'snapshot.cjs');
  writeFileSync(program, programOf(files));
  try {
    node('--snapshot-blob', blob, '--build-snapshot', program);
    node('--snapshot-blob', blob);
  } catch (error) {
    process.stderr.write(`No snapshot of the server was made, so it will start slower: ${errorText(error)}\n`);
    return;
  }
  const { size, mtimeMs } = statSync(process.execPath);
  const fitting: FittingSnapshot = {
    folder,
    node: { path: process.execPath, size, mtimeMs },
    versionTag: cachedDataVersionTag(),
    blobSize: statSync(blob).size,
  };
  // Last: a blob without them is not used.
  writeFileSync(join(folder, 'snapshot.json'), JSON.stringify(fitting));
  const shell = snapshotShell(folder, process.execPath);
  if (shell !== null) writeFileSync(join(folder, 'snapshot.sh'), shell);
}

function programOf(files: readonly BundledFile[]): string {
  const byName = new Map(files.map((file) => [file.fileName, file]));
  const names = new Set<string>();
  const add = (name: string) => {
    if (names.has(name) || !byName.has(name)) return;
    names.add(name);
    byName.get(name)?.imports.forEach(add);
  };
  add('preload.cjs');
  const functions = [...names].map((name) => {
    const code = byName.get(name)?.code.replace(/^\/\/# sourceMappingURL=.*$/m, '');
    return `${JSON.stringify(`./${name}`)}: function (exports, require, module, __filename, __dirname) {\n${code}\n}`;
  });
  return `(${startOfSnapshot})({\n${functions.join(',\n')}\n}, require, __dirname);\n`;
}

/** With no environment but this: what the snapshot finds there, each server that starts from it would have. */
function node(...args: readonly string[]): void {
  execFileSync(process.execPath, args, {
    env: { NODE_ENV: 'production', NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
