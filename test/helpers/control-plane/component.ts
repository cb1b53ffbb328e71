import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { signalGroup, spawnGuarded } from '../../../scripts/children/guard.js';

const pollMs = 25;
/** What of a log goes into an error. */
const keptLines = 20;

/** One program of the control plane. */
export interface Component {
  readonly name: string;
  /** Resolves when `check` answers true. @throws Error with the end of the log when the program ends, or in time. */
  waitUntil(what: string, check: () => Promise<boolean>, timeoutMs: number): Promise<void>;
  /**
   * Ends it without asking: the data is thrown away, an API server that is asked waits for its watchers to leave, and
   * a test of a lost server wants it lost at once. A no-op when it has ended.
   */
  stop(): Promise<void>;
}

/** Starts a program that ends with this process and writes NAME.log into `folder`. */
export function startComponent(name: string, path: string, args: readonly string[], folder: string): Component {
  const logPath = join(folder, `${name}.log`);
  const log = openSync(logPath, 'a', 0o600);
  const child = spawnGuarded(path, args, { cwd: folder, stdio: ['ignore', log, log] });
  closeSync(log);
  let end: string | null = null;
  child.once('error', (error) => {
    end = error.message;
  });
  child.once('exit', (code, signal) => {
    end ??= `it ended with ${signal ?? `code ${code}`}`;
  });

  return {
    name,
    async waitUntil(what, check, timeoutMs) {
      const giveUpAt = performance.now() + timeoutMs;
      while (!(await check())) {
        if (end !== null) throw new Error(`${name} did not come to ${what}: ${end}\n${endOf(logPath)}`);
        if (performance.now() > giveUpAt) {
          throw new Error(`${name} did not come to ${what} within ${timeoutMs / 1000} s\n${endOf(logPath)}`);
        }
        await delay(pollMs);
      }
    },
    async stop() {
      if (end !== null) return;
      const exited = once(child, 'exit');
      signalGroup(child, 'SIGKILL');
      // While somebody waits for the end, it has to keep this process alive.
      child.ref();
      await exited;
    },
  };
}

function endOf(logPath: string): string {
  return readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-keptLines).join('\n');
}
