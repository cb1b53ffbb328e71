import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/*
 * A lock is a file that says who holds it. It is made by link(2), so it is there with its text or not at all, and
 * only one process can make it. The holder touches it every few seconds. It is stale when its process is gone, or,
 * for holders on other hosts and process ids that were used again, when nobody touched it for a while.
 * A stale lock is renamed before it is removed: if two processes find it stale, the second one's rename may hit a
 * lock that the first has just made, so what was renamed is read again and, if it was not the stale one, linked back.
 */

const heartbeatMs = 5_000;
/** Twelve beats: a loaded machine delays some, hardly all. */
const staleAfterMs = 60_000;
const pollMs = 300;

export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

/** Runs `work` while this process alone holds the lock at `path`. `onWait` is told once when another holds it. */
export async function withLock<Result>(
  path: string,
  onWait: (holder: LockHolder) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const self: LockHolder = { pid: process.pid, host: hostname(), token: randomUUID() };
  let hasWaited = false;
  while (!(await tryLock(path, self))) {
    const holder = await readHolder(path);
    if (holder && (await isStale(path, holder))) {
      await removeStale(path, holder);
      continue;
    }
    if (holder && !hasWaited) onWait(holder);
    hasWaited ||= holder !== null;
    await delay(pollMs);
  }
  const heartbeat = setInterval(() => touch(path), heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await unlock(path, self);
  }
}

async function tryLock(path: string, self: LockHolder): Promise<boolean> {
  const draft = `${path}.${self.token}`;
  await writeFile(draft, JSON.stringify(self));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function unlock(path: string, self: LockHolder): Promise<void> {
  const holder = await readHolder(path);
  if (holder?.token === self.token) await rm(path, { force: true });
}

/** Null when nobody holds it. Text that is no holder (a full disk, a hand) is a holder that is gone. */
async function readHolder(path: string): Promise<LockHolder | null> {
  try {
    const { pid, host, token } = JSON.parse(await readFile(path, 'utf8')) as LockHolder;
    return { pid, host, token };
  } catch (error) {
    if (error instanceof SyntaxError) return { pid: 0, host: '', token: '' };
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function isStale(path: string, holder: LockHolder): Promise<boolean> {
  if (holder.host === hostname() && !isAlive(holder.pid)) return true;
  const touchedAt = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
  return touchedAt !== null && Date.now() - touchedAt > staleAfterMs;
}

async function removeStale(path: string, stale: LockHolder): Promise<void> {
  const aside = `${path}.stale-${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return; // Another process was faster.
  }
  const moved = await readHolder(aside);
  if (moved && moved.token !== stale.token) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function touch(path: string): void {
  const now = new Date();
  utimes(path, now, now).catch(() => undefined);
}
