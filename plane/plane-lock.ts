import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Thrown when another plane has the data folder. */
export class PlaneRunsError extends Error {
  override readonly name = 'PlaneRunsError';
  /** null while it is still starting. */
  readonly url: string | null;

  constructor(message: string, url: string | null) {
    super(message);
    this.url = url;
  }
}

/** One plane at a time has a data folder. The folder says which: plane.lock from its first moment, plane.json once it answers. */
export interface PlaneLock {
  /** Writes plane.json, by which clients on this machine find the plane. */
  publish(url: string): Promise<void>;
  /** Takes both files away. */
  release(): Promise<void>;
}

/**
 * Takes the data folder, or throws PlaneRunsError with the address of the plane that has it. A folder that was left
 * behind by a process that is gone is taken over.
 */
export async function takePlaneLock(home: string): Promise<PlaneLock> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const lockPath = join(home, 'plane.lock');
  const planePath = join(home, 'plane.json');
  while (!(await writeOnce(lockPath, String(process.pid)))) {
    const pid = Number(await readFile(lockPath, 'utf8').catch(() => ''));
    if (await isPlane(pid)) {
      const url = await readUrl(planePath);
      const where = url === null ? 'it is still starting' : `it answers at ${url}`;
      throw new PlaneRunsError(
        `A plane runs already on the data folder ${home}: ${where} (process ${pid}). Use it, stop it with: portolan down, or name another folder with PORTOLAN_HOME.`,
        url,
      );
    }
    // Two that see it abandoned at once: each removes it, and one of them writes its own first.
    await rm(lockPath, { force: true });
  }
  return {
    async publish(url) {
      await writeFile(`${planePath}.new`, `${JSON.stringify({ url, pid: process.pid })}\n`, { mode: 0o600 });
      await rename(`${planePath}.new`, planePath);
    },
    async release() {
      await rm(planePath, { force: true });
      await rm(lockPath, { force: true });
    },
  };
}

async function writeOnce(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(text).finally(() => file.close());
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether that process is alive and ours: after a restart of the machine its id may be a stranger's. */
async function isPlane(pid: number): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  if (pid === process.pid) return true;
  // Linux says what a process runs; elsewhere its id has to be enough.
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  return commandLine === null || /node|portolan/.test(commandLine);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function readUrl(path: string): Promise<string | null> {
  try {
    const { url } = JSON.parse(await readFile(path, 'utf8')) as { url?: unknown };
    return typeof url === 'string' ? url : null;
  } catch {
    return null;
  }
}
