import { access, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../../db/embedded/server.js';

/**
 * Removes what test runs that were killed left in /var/tmp: data of embedded servers whose own folder was a temporary
 * one and is gone, or whose owner died long ago. Only root leaves something there.
 */
export async function removeAbandonedServers(): Promise<void> {
  for (const name of await readdir(SHARED)) {
    if (name.startsWith('portolan-postgres-')) await removeAbandoned(join(SHARED, name));
  }
}

const SHARED = '/var/tmp';
/** A test that kills its Portolan goes on with the server within seconds. */
const ABANDONED_AFTER_MS = 30 * 60_000;

async function removeAbandoned(home: string): Promise<void> {
  const read = (path: string) => readFile(path, 'utf8').catch(() => '');
  const folder = await read(join(home, 'belongs-to'));
  // Another run may remove it at the same time.
  const seen = await stat(home).catch(() => null);
  const isOld = seen !== null && seen.mtimeMs < Date.now() - ABANDONED_AFTER_MS;
  if (!folder.startsWith(join(tmpdir(), 'portolan-')) || !isOld) return;
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  const owner = Number(await read(join(folder, 'owner.pid')));
  if (isThere && owner > 0 && isAlive(owner)) return;
  const server = Number.parseInt(await read(join(home, 'data', 'postmaster.pid')), 10);
  const command = server > 0 ? await read(`/proc/${server}/cmdline`) : '';
  if (command.includes(home)) process.kill(server, 'SIGQUIT');
  await rm(home, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}
