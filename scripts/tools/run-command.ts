import { createInterface } from 'node:readline';
import { signalGroup, spawnGuarded } from '../children/guard.js';

/** What of a failed program's output goes into the error: the reason is at the end. */
const keptLines = 15;

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly timeoutMs: number;
  /** Told of each line, of both outputs. */
  readonly onLine?: (line: string) => void;
}

/** Runs a program that ends with this process. @throws Error with the last lines of its output when it fails. */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<void> {
  const { cwd, env, timeoutMs, onLine } = options;
  const child = spawnGuarded(command, args, { cwd, ...(env && { env }), stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      onLine?.(line);
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
    });
  }

  const timeout = setTimeout(() => signalGroup(child, 'SIGKILL'), timeoutMs);
  const outcome = await new Promise<string | null>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ENOENT' ? 'cannot run: it is not on the PATH' : error.message),
    );
    child.once('close', (code, signal) => resolve(code === 0 ? null : `ended with ${signal ?? `code ${code}`}`));
  });
  clearTimeout(timeout);
  if (outcome === null) return;
  throw new Error([`${command} ${outcome}`, ...lines].join('\n'));
}
