import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

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
    const { PORTOLAN_URL, PORTOLAN_TOKEN, DATABASE_URL, CI, COLUMNS, ...environment } = process.env;
    const child = spawn(process.execPath, ['bin/portolan.mjs', ...args], {
      env: { ...environment, PORTOLAN_HOME: home, ...(options.columns ? { COLUMNS: String(options.columns) } : {}) },
    });
    child.stdin.on('error', () => undefined).end(options.input ?? '');
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? -1));
    });
    const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, out, err };
  };
}
