import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, sleep } from '../../lib/clock.js';
import type { CliConfig } from '../config.js';
import { InterruptedError, NotHealthyError, TimedOutError } from '../errors.js';
import { findPlane, isAlive, type PlaneFile } from './plane-file.js';

export interface PlaneProcessOptions {
  readonly config: CliConfig;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Called at every look, with the time since the start. */
  readonly onWaiting?: (ms: number) => void;
}

/** What a plane in the background writes. */
export function planeLogPath(home: string): string {
  return join(home, 'plane.log');
}

/**
 * Starts a plane that outlives this process, and returns when it is ready. Of two that start at once one plane stays,
 * and both return it. Throws NotHealthyError when it ended, with the end of its log.
 */
export async function startPlaneInBackground(options: PlaneProcessOptions, port: string | null): Promise<PlaneFile> {
  const { home } = options.config;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const log = openSync(planeLogPath(home), 'a', 0o600);
  const logStart = fstatSync(log).size;
  let child: ChildProcess;
  try {
    child = spawnPlane(options.config, port, { stdio: ['ignore', log, log], detached: true });
  } finally {
    closeSync(log);
  }
  let ended: string | null = null;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code, signal) => {
    ended = signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`;
  });
  const next = `Its whole log is ${planeLogPath(home)}`;
  try {
    const plane = await waitForPlane(options, async () => {
      if (ended === null || (await findRunningPlane(home)) !== null) return;
      throw new NotHealthyError(`The plane did not start: ${ended}.\n${await endOfLog(home, logStart)}`, { next });
    });
    child.unref();
    return plane;
  } catch (error) {
    child.kill('SIGTERM');
    if (!(error instanceof TimedOutError)) throw error;
    throw new TimedOutError(`${error.message}\n${await endOfLog(home, logStart)}`, { next });
  }
}

/** Returns when the plane of the data folder is ready. `check` runs at every look, and may throw. */
export async function waitForPlane(
  { config, clock, signal, timeoutMs, onWaiting }: PlaneProcessOptions,
  check: () => Promise<void> = async () => {},
): Promise<PlaneFile> {
  const startedMs = clock.now();
  for (;;) {
    const found = await findPlane(config.home);
    if (found?.isReady) return found;
    await check();
    const waitedMs = clock.now() - startedMs;
    if (signal.aborted) throw new InterruptedError('Stopped while the plane was starting.');
    if (waitedMs > timeoutMs) throw new TimedOutError(`The plane was not ready within ${timeoutMs / 1000} s.`);
    onWaiting?.(waitedMs);
    await sleep(clock, LOOK_EVERY_MS, signal);
  }
}

/** Starts a plane that writes to this process's own output and ends with it. Returns its exit code. */
export function runPlaneInForeground(config: CliConfig, port: string | null, signal: AbortSignal): Promise<number> {
  const child = spawnPlane(config, port, { stdio: 'inherit', detached: false });
  // Ctrl-C reaches the whole group; another signal reaches only this process and is passed on.
  const stop = () => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      signal.removeEventListener('abort', stop);
      resolve(code ?? (signal.aborted ? 0 : 1));
    });
  });
}

/** Asks a plane to stop and returns when its process is gone. Throws TimedOutError when it is not. */
export async function stopPlane(plane: LivePlane, options: PlaneProcessOptions): Promise<void> {
  signalProcess(plane.pid, 'SIGTERM');
  const startedMs = options.clock.now();
  while (isAlive(plane.pid)) {
    const waitedMs = options.clock.now() - startedMs;
    if (options.signal.aborted) throw new InterruptedError('Stopped waiting. The plane goes on stopping.');
    if (waitedMs > options.timeoutMs) {
      throw new TimedOutError(
        `The plane (process ${plane.pid}) has not stopped within ${options.timeoutMs / 1000} s.`,
        {
          next: `Look at ${planeLogPath(options.config.home)}, or end it with: kill -9 ${plane.pid}`,
        },
      );
    }
    options.onWaiting?.(waitedMs);
    await sleep(options.clock, LOOK_EVERY_MS, options.signal);
  }
}

/** A plane of this machine that is alive, and maybe still starting. */
export interface LivePlane {
  readonly pid: number;
  /** null: it is still starting. */
  readonly url: string | null;
  /** Whether it answers that it is ready. */
  readonly isReady: boolean;
}

/** The plane of the data folder when it is alive and is a plane: a stranger who got its process id is not taken for it. */
export async function findRunningPlane(home: string): Promise<LivePlane | null> {
  const found = await findPlane(home);
  if (found && (found.isReady || (await isPlaneProcess(found.pid)))) return found;
  // From its first moment a plane has the lock; it says where it is once it answers.
  const pid = Number(await readFile(join(home, 'plane.lock'), 'utf8').catch(() => ''));
  const isStarting = Number.isInteger(pid) && pid > 0 && isAlive(pid) && (await isPlaneProcess(pid));
  return isStarting ? { pid, url: null, isReady: false } : null;
}

async function isPlaneProcess(pid: number): Promise<boolean> {
  // Linux says what a process runs; elsewhere its id has to be enough.
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  return commandLine === null ? !existsSync('/proc/self') : commandLine.includes('plane');
}

function spawnPlane(
  config: CliConfig,
  port: string | null,
  options: { stdio: 'inherit' | ['ignore', number, number]; detached: boolean },
) {
  const program = fileURLToPath(new URL('../../plane/main.js', import.meta.url));
  return spawn(process.execPath, [program], {
    ...options,
    env: { ...config.environment, PORTOLAN_HOME: config.home, ...(port === null ? {} : { PORTOLAN_PORT: port }) },
  });
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // ESRCH: it ended by itself in between, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** What a plane wrote since its start, or the end of it. */
async function endOfLog(home: string, start: number): Promise<string> {
  const written = await readFile(planeLogPath(home)).catch(() => Buffer.alloc(0));
  const lines = written.subarray(start).toString('utf8').trimEnd().split('\n').slice(-SHOWN_LOG_LINES);
  return lines.map((line) => `  | ${line}`).join('\n');
}

const LOOK_EVERY_MS = 100;
const SHOWN_LOG_LINES = 12;
