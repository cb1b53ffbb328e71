import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sleep, systemClock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { createSandboxControl, type SandboxControl } from './control.js';
import { alreadyThere } from './exit-codes.js';
import { sandboxSocketPath } from './socket-path.js';

/** A sandbox process that is kept there. */
export interface Sandbox {
  readonly socketPath: string;
  readonly control: SandboxControl;
  /** Of the process that answers now. */
  readonly pid: number;
  /** Ends whatever was started here; a process that was found goes on. */
  close(): Promise<void>;
}

export interface StartSandboxOptions {
  /** Holds the world's memory, and its socket when the path is short enough. Made when it is not there. */
  readonly folder: string;
  readonly seed: number;
  readonly log: Log;
  /** Everything in a tenth of the time. */
  readonly isFast?: boolean;
  /** Everything takes as long every time, and clouds show at once what is. */
  readonly isEven?: boolean;
  /** Time moves by `control.step` alone. */
  readonly hasManualClock?: boolean;
}

/**
 * Starts the sandbox of a folder, or takes the one that answers there already. If that process ends while this one lives,
 * another is started and goes on with the same objects. Throws when it cannot be started, with what it said.
 */
export async function startSandbox(options: StartSandboxOptions): Promise<Sandbox> {
  const socketPath = sandboxSocketPath(options.folder);
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  // One that lost its socket to another that started at the same moment may go on unseen.
  const children = new Set<ChildProcess>();
  let isClosed = false;
  let held: Held | null = null;

  const ensure = async (): Promise<Held> => {
    for (let attempt = 1; ; attempt += 1) {
      const found = await hold(socketPath);
      if (found) return found;
      const { process, said, code } = await launch(options, socketPath);
      if (process) {
        children.add(process);
        process.once('exit', () => children.delete(process));
        continue;
      }
      // Of several that start at once one wins, and one that is just ending takes a moment: then look again.
      if (code !== alreadyThere || attempt >= MOST_ATTEMPTS) {
        throw new Error(`The sandbox of ${options.folder} does not start. It said: ${said || 'nothing'}`);
      }
      await sleep(systemClock, BETWEEN_ATTEMPTS_MS);
    }
  };
  const keep = async (): Promise<void> => {
    while (!isClosed && held) {
      await held.ended;
      if (isClosed) return;
      options.log.warn('the sandbox process ended and is started again', { pid: held.pid });
      held = await ensure();
      if (isClosed) held.leave();
    }
  };

  held = await ensure();
  const keeping = keep().catch((error: unknown) => {
    options.log.error('the sandbox cannot be started again; its clusters cannot be reached', { error: String(error) });
  });
  const control = createSandboxControl({ socketPath });
  return {
    socketPath,
    control,
    get pid() {
      return held?.pid ?? 0;
    },
    async close() {
      isClosed = true;
      held?.leave();
      await control.close();
      await keeping;
      await Promise.all([...children].map(end));
    },
  };
}

const MOST_ATTEMPTS = 20;
const BETWEEN_ATTEMPTS_MS = 200;

interface Held {
  readonly pid: number;
  /** Resolves when that process is gone. */
  readonly ended: Promise<void>;
  leave(): void;
}

/** Keeps a request open to the process that listens, which ends with it. Null when nobody listens. */
function hold(socketPath: string): Promise<Held | null> {
  return new Promise((resolve) => {
    const request = http.get({ socketPath, path: '/hold', agent: false });
    request.once('error', () => resolve(null));
    request.once('response', (response) => {
      const ended = new Promise<void>((done) => {
        response.once('close', done);
        response.on('error', () => done());
      });
      request.on('error', () => {});
      response.once('data', (chunk: Buffer) => {
        const { pid } = JSON.parse(chunk.toString('utf8')) as { pid: number };
        resolve({ pid, ended, leave: () => request.destroy() });
      });
      response.once('close', () => resolve(null));
    });
  });
}

interface Launched {
  /** The process once it is ready; null when it ended before that. */
  readonly process: ChildProcess | null;
  readonly said: string;
  readonly code: number | null;
}

function launch(options: StartSandboxOptions, socketPath: string): Promise<Launched> {
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const snapshot = join(options.folder, 'world.jsonl');
  const flags = [
    ...(options.isFast ? ['--fast'] : []),
    ...(options.isEven ? ['--even'] : []),
    ...(options.hasManualClock ? ['--manual-clock'] : []),
  ];
  const args = [main, '--socket', socketPath, '--snapshot', snapshot, '--seed', String(options.seed), ...flags];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  let isReady = false;
  child.stderr.on('data', (chunk: Buffer) => {
    const text = chunk.toString('utf8').trim();
    said = `${said}\n${text}`.trim().slice(-2000);
    // What it says before it is ready goes into the error.
    if (isReady) options.log.warn('the sandbox says', { text });
  });
  child.stdin.on('error', () => {});
  return new Promise((resolve) => {
    child.stdout.once('data', () => {
      isReady = true;
      resolve({ process: child, said, code: null });
    });
    child.once('error', (error) => resolve({ process: null, said: error.message, code: null }));
    child.once('close', (code) => resolve({ process: null, said, code }));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // What it answered is on disk.
  const cancelKill = systemClock.after(END_WITHIN_MS, () => child.kill('SIGKILL'));
  child.stdin?.end();
  await ended;
  cancelKill();
}

const END_WITHIN_MS = 10_000;
