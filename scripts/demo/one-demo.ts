import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAlive } from '../../cli/process/plane-file.js';

/** Makes this process the one demo of the home. Throws Error when another is alive: it would be cleared away. Returns what gives it up. */
export function claimDemo(home: string): () => void {
  const path = `${home}.pid`;
  const pid = Number(readIfThere(path));
  if (pid > 0 && pid !== process.pid && isAlive(pid) && isDemo(pid)) {
    throw new Error(
      `Another demo runs here (process ${pid}). Stop it with Ctrl-C in its terminal, or with: kill ${pid}`,
    );
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, String(process.pid));
  return () => rmSync(path, { force: true });
}

/** After a restart of the machine its id may be a stranger's. */
function isDemo(pid: number): boolean {
  const commandLine = readIfThere(`/proc/${pid}/cmdline`);
  return commandLine === '' || commandLine.includes('demo');
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
