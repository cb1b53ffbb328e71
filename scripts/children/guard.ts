import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/*
 * Children and temporary folders that must not outlive this process, however it ends. A SIGKILL runs no handler, so
 * a watchdog of our own stands beside: it is told of every child and folder through a pipe, and when that pipe closes,
 * which the kernel does for us, it ends the children and removes the folders. There is one watchdog a process,
 * started with the first child, and no other path: an ordinary exit, a signal and a crash all end in it.
 */

let watchdogInput: Writable | null = null;

/**
 * Starts a child in a process group of its own (a Ctrl-C in the terminal is for us, and we end it in order). Neither
 * it nor the watchdog keeps this process alive.
 */
export function spawnGuarded(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { ...options, detached: true });
  child.unref();
  const { pid } = child;
  if (pid !== undefined) {
    tell(`child ${pid}`);
    child.once('exit', () => tell(`gone ${pid}`));
  }
  return child;
}

/** Sends a signal to a child that {@link spawnGuarded} started, and to all that it started. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It went between the check and the call.
  }
}

/** A new temporary folder that goes with this process, and only for this user to read. */
export function createGuardedFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  guardFolder(folder);
  return folder;
}

/** Has `folder` removed with this process. */
export function guardFolder(folder: string): void {
  tell(`folder ${folder}`);
}

/** Removes a guarded folder now. */
export function removeGuardedFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  tell(`kept ${folder}`);
}

function tell(line: string): void {
  watchdogInput ??= startWatchdog();
  watchdogInput.write(`${line}\n`);
}

function startWatchdog(): Writable {
  const script = fileURLToPath(new URL('./watchdog.js', import.meta.url));
  const watchdog = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watchdog.unref();
  const { stdin } = watchdog;
  // Without a watchdog we still work; only a SIGKILL of ours would then leave something.
  watchdog.on('error', () => undefined);
  stdin.on('error', () => undefined);
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  return stdin;
}
