import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../lib/random.js';

/**
 * Who holds the leases of the controllers in a data folder: the same after a restart, so that a plane that was killed
 * goes on at once. One plane at a time has the folder, so no two processes are this holder.
 */
export async function readHolder(home: string, random: Random): Promise<string> {
  const path = join(home, 'holder');
  const known = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (/^plane-[0-9a-f-]{36}$/.test(known)) return known;
  const made = `plane-${random.uuid()}`;
  await writeFile(path, made, { mode: 0o600 });
  return made;
}
