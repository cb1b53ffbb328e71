import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What bin/portolan-server compares to see whether the snapshot in this folder fits, as assignments of the shell. null where
 * a system does not tell what its processor can do, of which the snapshot is one: only Linux does.
 */
export function snapshotShell(folder: string, nodePath: string): string | null {
  const processor = /^(flags|Features).*$/m.exec(readIfThere('/proc/cpuinfo'))?.[0];
  if (processor === undefined) return null;
  const files = [nodePath, join(folder, 'snapshot.blob')].map((path) => {
    const { size, mtimeMs } = statSync(path);
    return `${size} ${Math.floor(mtimeMs / 1000)}`;
  });
  const made = [...files, processor].join('\n');
  return `node=${quoted(nodePath)}\nfolder=${quoted(folder)}\nmade=${quoted(made)}\n`;
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
