import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Placement } from './placement.js';

export interface RunningServer {
  readonly pid: number;
  readonly socketFolder: string;
  readonly port: number;
  /** null when it was adopted. */
  readonly child: ChildProcess | null;
}

/** The server that is on the data folder already, once it answers; null when there is none. Clears what a dead one left. */
export async function findRunningServer(placement: Placement): Promise<RunningServer | null> {
  for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS; waitedMs += POLL_MS) {
    const noted = await readPidFile(placement.dataFolder);
    if (!noted) return null;
    if (!isAlive(noted.pid) || !(await isPostgresOn(noted.pid, placement.dataFolder))) {
      await removeLeftovers(placement, noted.pid);
      return null;
    }
    if (await answers(noted.socketFolder, noted.port)) return { ...noted, child: null };
    await delay(POLL_MS);
  }
  throw new Error(
    `A Postgres is on ${placement.dataFolder} (process ${(await readPidFile(placement.dataFolder))?.pid}) but does not answer. ` +
      `Look at ${placement.logFile}, end that process, and start again.`,
  );
}

/** Starts the server and returns when it answers. Throws an Error with what it wrote when it ends instead. */
export async function startServer(
  placement: Placement,
  options: { readonly fsync: boolean; readonly maxConnections: number },
): Promise<RunningServer> {
  const log = await open(placement.logFile, 'w', 0o600);
  const child = spawn(placement.binaries.postgres, ['-D', placement.dataFolder, ...settings(placement, options)], {
    ...placement.user,
    cwd: '/',
    env: ENVIRONMENT,
    // A session of its own: Ctrl-C in the terminal must reach Portolan only. A file: a pipe would break when we are killed.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => done(error.message));
    child.once('exit', (code, signal) => done(`it ended with ${signal ?? `exit code ${code}`}`));
  });
  child.unref();
  await log.close();
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const reason = await Promise.race([ended, delay(POLL_MS, null)]);
    const isLate = waitedMs > START_TIMEOUT_MS;
    if (reason === null && !isLate) {
      // Two that start at once have the same socket: the one that answers may be the other one's.
      if ((await readPidFile(placement.dataFolder))?.pid !== child.pid) continue;
      if (!(await answers(placement.socketFolder, PORT))) continue;
      return { pid: child.pid ?? 0, socketFolder: placement.socketFolder, port: PORT, child };
    }
    // Somebody else was quicker on the same folder: theirs is as good.
    const other = reason === null ? null : await findRunningServer(placement);
    if (other) return other;
    child.kill('SIGQUIT');
    throw new Error(
      `Cannot start Postgres on ${placement.dataFolder}: ${reason ?? `it did not answer within ${START_TIMEOUT_MS / 1000} s`}. ` +
        `Its last words: ${await lastWords(placement.logFile)}\n` +
        'Free what it lacks (disk, memory, rights) and start again, or set DATABASE_URL to a Postgres of your own.',
    );
  }
}

/** Fast shutdown; after a while an immediate one, from which the next start recovers. */
export async function stopServer(server: RunningServer): Promise<void> {
  const { child } = server;
  const hasEnded = () => (child ? child.exitCode !== null || child.signalCode !== null : !isAlive(server.pid));
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (hasEnded()) return;
    send(server.pid, signal);
    for (let waitedMs = 0; waitedMs < STOP_TIMEOUT_MS && !hasEnded(); waitedMs += POLL_MS) await delay(POLL_MS);
  }
}

/** Runs a program of PostgreSQL to its end. */
export function runProgram(
  placement: Placement,
  program: string,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((done) => {
    const child = spawn(program, args, {
      ...placement.user,
      cwd: '/',
      env: ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.on('data', (chunk) => {
      output = (output + chunk).slice(-LONGEST_WORDS);
    });
    child.once('error', (error) => done({ code: 1, output: error.message }));
    child.once('close', (code) => done({ code, output }));
  });
}

/**
 * Postgres takes a lock of a process that is dead, but was not buried yet by whoever inherited it, for one that holds.
 * We know better: no Postgres is on this folder, and nobody else uses its socket.
 */
async function removeLeftovers({ dataFolder, socketFolder }: Placement, pid: number): Promise<void> {
  await rm(join(dataFolder, PID_FILE), { force: true });
  const lock = join(socketFolder, `.s.PGSQL.${PORT}.lock`);
  const text = await readFile(lock, 'utf8').catch(() => '');
  if (Number.parseInt(text, 10) === pid) await rm(lock, { force: true });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const PID_FILE = 'postmaster.pid';
/** Part of the socket's name; nothing listens on a network. */
const PORT = 5432;
const POLL_MS = 20;
/** Recovery after a crash can take a while on a slow disk. */
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const LONGEST_WORDS = 2000;
/** Nothing of ours leaks into the server, and its messages are in English. */
const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };

function settings(
  placement: Placement,
  options: { readonly fsync: boolean; readonly maxConnections: number },
): string[] {
  const set: Record<string, string> = {
    listen_addresses: '',
    port: String(PORT),
    unix_socket_directories: placement.socketFolder,
    unix_socket_permissions: '0700',
    max_connections: String(options.maxConnections),
    timezone: 'UTC',
    // The log may be shown to people: no statements and no rows in it.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(options.fsync ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(set).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function readPidFile(dataFolder: string): Promise<{ pid: number; port: number; socketFolder: string } | null> {
  const text = await readFile(join(dataFolder, PID_FILE), 'utf8').catch(() => null);
  if (text === null) return null;
  // Lines: pid, data folder, start, port, socket folder, ...; the later ones appear while it starts.
  const [pid, , , port, socketFolder] = text.split('\n');
  return { pid: Math.abs(Number(pid)), port: Number(port || PORT), socketFolder: socketFolder ?? '' };
}

/** A pid is given out again after a restart of the machine, so we look at what it is. */
async function isPostgresOn(pid: number, dataFolder: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  // Where there is no /proc, postgres itself decides whether the file is stale.
  return command === null || command.includes(dataFolder);
}

async function answers(host: string, port: number): Promise<boolean> {
  if (!host) return false;
  const client = new Client({ host, port, user: 'portolan', database: 'postgres', connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

async function lastWords(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text.trim().slice(-LONGEST_WORDS) || 'none';
}
