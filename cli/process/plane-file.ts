import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject } from '../../lib/canonical.js';

/** Where a plane that was started on this machine said that it is. */
export interface PlaneFile {
  readonly url: string;
  readonly pid: number;
}

/** What plane.json in the data folder says; null: there is none, or it cannot be read. It may be of a plane that is gone. */
export async function readPlaneFile(home: string): Promise<PlaneFile | null> {
  try {
    const value: unknown = JSON.parse(await readFile(join(home, 'plane.json'), 'utf8'));
    if (!isJsonObject(value) || typeof value.url !== 'string' || typeof value.pid !== 'number') return null;
    return { url: value.url, pid: value.pid };
  } catch {
    return null;
  }
}

/** The plane of a data folder, as it is now. */
export interface FoundPlane extends PlaneFile {
  /** Whether it answers that it is ready. */
  readonly isReady: boolean;
}

/** The plane of a data folder whose process is alive; null: none is. */
export async function findPlane(home: string): Promise<FoundPlane | null> {
  const file = await readPlaneFile(home);
  if (!file || !isAlive(file.pid)) return null;
  return { ...file, isReady: await isReady(file.url) };
}

/** Whether a process of that id runs. It may be another one than is meant, after a restart of the machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** It ended, and nobody has asked how yet: containers without an init keep such. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(READY_WITHIN_MS) });
    // Read to its end, so that the connection is free for the next look.
    await answer.text();
    return answer.ok;
  } catch {
    return false;
  }
}

/** A plane on this machine answers in milliseconds, unless it is not ready. */
const READY_WITHIN_MS = 2_000;
