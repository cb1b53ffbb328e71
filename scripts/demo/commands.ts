import { runCli } from '../../cli/main.js';
import type { OutputStream } from '../../cli/output/terminal.js';
import { systemClock } from '../../lib/clock.js';
import { demoEnvironment, projectFolder } from './config.js';

/** The commands of the CLI, as a person would type them, against the demo's own plane. */
export interface Commands {
  /** Shows what the command prints. Throws DemoError when it fails. */
  show(...args: readonly string[]): Promise<void>;
  /** Returns what the command prints to standard output. Throws DemoError, with all that it said, when it fails. */
  ask(...args: readonly string[]): Promise<string>;
}

/** Thrown when a command of the demo failed; the message has what it said. */
export class DemoError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.name = 'DemoError';
    this.exitCode = exitCode;
  }
}

export function createCommands(out: OutputStream, signal: AbortSignal): Commands {
  const run = (args: readonly string[], streams: { out: OutputStream; err: OutputStream }) =>
    runCli(args, {
      ...streams,
      input: process.stdin,
      environment: demoEnvironment(),
      workingFolder: projectFolder,
      clock: systemClock,
      signal,
    });
  return {
    async show(...args) {
      out.write(`\n$ portolan ${args.join(' ')}\n`);
      const code = await run(args, { out, err: process.stderr });
      if (code !== 0)
        throw new DemoError(`portolan ${args.join(' ')} failed (exit code ${code}); what it said is above.`, code);
    },
    async ask(...args) {
      const printed: string[] = [];
      const said: string[] = [];
      const code = await run(args, {
        out: { write: (text) => printed.push(text) },
        err: { write: (text) => said.push(text) },
      });
      if (code !== 0)
        throw new DemoError(
          `portolan ${args.join(' ')} failed (exit code ${code}):\n${[...said, ...printed].join('')}`,
          code,
        );
      return printed.join('');
    },
  };
}
