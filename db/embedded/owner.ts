import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './server.js';

/** Notes that this process is the one that stops the server of `folder`. */
export async function writeOwner(folder: string): Promise<void> {
  await writeFile(join(folder, ownerFile), String(process.pid), { mode: 0o600 });
}

/** Whether another process that lives will stop the server of `folder`. */
export async function isOwnedByLiveProcess(folder: string): Promise<boolean> {
  const pid = Number(await readFile(join(folder, ownerFile), 'utf8').catch(() => '0'));
  return pid > 0 && isAlive(pid);
}

/** Below the folder that was named. */
export const ownerFile = 'owner.pid';
