import { existsSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../../cli/process/plane-file.js';
import { findRunningPlane } from '../../cli/process/plane-process.js';
import { errorText } from '../../lib/errors.js';
import type { Commands } from './commands.js';

/** Ends what an earlier demo left running, however it ended, and removes its data. */
export async function removeLeftovers(home: string, commands: Commands): Promise<void> {
  if (!existsSync(home)) return;
  if (await findRunningPlane(home)) await commands.ask('down');
  else if (await hasOrphanedDatabase(home)) {
    // A new plane takes the database over, and then stops it in order.
    await commands.ask('up').catch(() => {});
    await commands.ask('down').catch(() => {});
  }
  removeHome(home);
}

/** Removes the data folder. The plane must be stopped. */
export function removeHome(home: string): void {
  try {
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  } catch (cause) {
    throw new Error(
      `The data of an earlier demo cannot be removed: ${errorText(cause)}. It may be of another user. Remove ${home} as that user.`,
    );
  }
}

/** Postgres goes on when the plane was killed. */
async function hasOrphanedDatabase(home: string): Promise<boolean> {
  const file = await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(file.split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 && isAlive(pid);
}
