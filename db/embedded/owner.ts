import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './server.js';

/** Notes that this process is the one that stops the server of `folder`. By a rename: a guard that read half of it would end the server. */
export async function writeOwner(folder: string): Promise<void> {
  const partial = join(folder, `${ownerFile}.${randomUUID()}`);
  await writeFile(partial, String(process.pid), { mode: 0o600 });
  await rename(partial, join(folder, ownerFile));
}

/** Whether another process that lives will stop the server of `folder`. */
export async function isOwnedByLiveProcess(folder: string): Promise<boolean> {
  const pid = Number(await readFile(join(folder, ownerFile), 'utf8').catch(() => '0'));
  return pid > 0 && isAlive(pid);
}

/** Below the folder that was named. */
export const ownerFile = 'owner.pid';
