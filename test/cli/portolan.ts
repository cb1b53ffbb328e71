import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { assert } from '../../lib/assert.js';
import { eventually } from '../helpers/eventually.js';

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the program as a person does, on the plane of a data folder. */
export type Portolan = (
  args: readonly string[],
  options?: { readonly input?: string; readonly columns?: number },
) => Promise<Answer>;

export function createPortolan(home: string): Portolan {
  return async (args, options = {}) => {
    const child = spawnPortolan(home, args, options.columns ? { COLUMNS: String(options.columns) } : {});
    child.stdin.on('error', () => undefined).end(options.input ?? '');
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? -1));
    });
    const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, out, err };
  };
}

/** A command that goes on until it is stopped. */
export interface RunningPortolan {
  /** Returns when its output matches. Throws, with that output, when it does not within 30 seconds. */
  until(pattern: RegExp): Promise<void>;
  /** Ctrl-C; returns the exit code. */
  interrupt(): Promise<number>;
}

export function startPortolan(home: string, args: readonly string[]): RunningPortolan {
  const child = spawnPortolan(home, args, {});
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  return {
    until: (pattern) =>
      eventually(() => assert(pattern.test(out), `${pattern} is not in the output:\n${out}`), { timeoutMs: 30_000 }),
    interrupt() {
      child.kill('SIGINT');
      return ended;
    },
  };
}

function spawnPortolan(home: string, args: readonly string[], more: Readonly<Record<string, string>>) {
  const { PORTOLAN_URL, PORTOLAN_TOKEN, DATABASE_URL, CI, COLUMNS, ...environment } = process.env;
  return spawn(process.execPath, ['bin/portolan.mjs', ...args], {
    env: { ...environment, PORTOLAN_HOME: home, ...more },
  });
}
