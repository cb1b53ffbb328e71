import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { inheritedEnvironment } from '../config.js';

export interface ChildOptions {
  /** A compiled file below dist/, or a source below bench/peers/, which Node strips of its types. */
  readonly program: string;
  /** The program is run as it is, and not by Node. */
  readonly isExecutable?: boolean;
  /** Given as JSON in its first argument. */
  readonly config?: unknown;
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface Child {
  readonly pid: number;
  /** Its first line on standard output: it is ready then. */
  readonly firstLine: string;
  readonly process: ChildProcess;
  /** SIGTERM, and SIGKILL after a while. */
  close(): Promise<void>;
}

/**
 * Starts a program with NODE_ENV=production and nothing else of our environment but PATH and HOME, and waits for its
 * first line. It ends with us. Throws an Error with what it wrote when it ends before that, or says nothing for a minute.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  options.signal.throwIfAborted();
  const args = 'config' in options ? [JSON.stringify(options.config)] : [];
  const [command, ...before] = options.isExecutable
    ? [options.program]
    : [process.execPath, ...(options.nodeArgs ?? []), options.program];
  const child = spawn(command ?? '', [...before, ...args], {
    env: { ...inheritedEnvironment(), NODE_ENV: 'production', NODE_NO_WARNINGS: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  options.signal.addEventListener('abort', kill, { once: true });
  ended.then(() => {
    process.off('exit', kill);
    options.signal.removeEventListener('abort', kill);
  });
  return {
    pid: child.pid ?? 0,
    firstLine: await firstLineOf(child, options.program, ended),
    process: child,
    async close() {
      const timer = setTimeout(kill, STOP_MS);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    },
  };
}

/** A compiled file of ours: `compiled('server', 'main.js')`. Benchmarks run from the root of the project. */
export const compiled = (...path: readonly string[]): string => join('dist', ...path);

const READY_MS = 60_000;
const STOP_MS = 10_000;
const LONGEST_WORDS = 4_000;

function firstLineOf(child: ChildProcess, program: string, ended: Promise<void>): Promise<string> {
  let output = '';
  let words = '';
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      child.kill('SIGKILL');
      reject(new Error(`${program} ${what}. Its last words: ${(words + output).trim().slice(-LONGEST_WORDS)}`));
    };
    const timer = setTimeout(() => fail(`said nothing within ${READY_MS / 1000} s`), READY_MS);
    child.stderr?.on('data', (chunk) => {
      words = (words + chunk).slice(-LONGEST_WORDS);
    });
    child.stdout?.on('data', (chunk) => {
      output = (output + chunk).slice(-LONGEST_WORDS);
      const end = output.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      resolve(output.slice(0, end));
    });
    ended.then(() => {
      clearTimeout(timer);
      fail('ended before it was ready');
    });
  });
}
