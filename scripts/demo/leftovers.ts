import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../cli/process/plane-file.js';
import { findRunningPlane } from '../../cli/process/plane-process.js';
import { errorText } from '../../lib/errors.js';
import type { Commands } from './commands.js';

/** Ends what an earlier demo left running, however it ended, and removes its data. */
export async function removeLeftovers(home: string, commands: Commands): Promise<void> {
  if (!existsSync(home)) return;
  if (await findRunningPlane(home)) await commands.ask('down');
  else if (hasOrphanedDatabase(home)) {
    // A new plane takes the database over, and then stops it in order.
    await commands.ask('up').catch(() => {});
    await commands.ask('down').catch(() => {});
  }
  removeHome(home);
}

/** Removes the data folder of a plane, and its database where that is elsewhere. The plane must be stopped. */
export function removeHome(home: string): void {
  const database = databaseFolder(home);
  const belongsTo = readText(join(database, 'belongs-to'));
  const folders = belongsTo === join(home, 'postgres') ? [home, database] : [home];
  try {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  } catch (cause) {
    throw new Error(
      `The data of an earlier plane cannot be removed: ${errorText(cause)}. It may be of another user: remove ${folders.join(' and ')} as that user.`,
    );
  }
}

/** Postgres goes on when the plane was killed. */
function hasOrphanedDatabase(home: string): boolean {
  const pid = Number(readText(join(databaseFolder(home), 'data', 'postmaster.pid')).split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 && isAlive(pid);
}

/** Postgres does not run as root; the user that it runs as then may not be able to reach the home, which notes where the data is. */
function databaseFolder(home: string): string {
  return readText(join(home, 'postgres', 'data-is-in')) || join(home, 'postgres', 'server');
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
