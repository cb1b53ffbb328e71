interface Help extends ErrorOptions {
  /** The command or step that helps. */
  readonly next?: string;
}

/** The base of what the CLI itself finds. */
export abstract class CliError extends Error {
  readonly next: string | null;

  constructor(message: string, { next, ...options }: Help = {}) {
    super(message, options);
    this.name = new.target.name;
    this.next = next ?? null;
  }
}

/** Thrown when there is no plane to talk to, or no cluster. */
export class UnreachableError extends CliError {}

/** Thrown when what was waited for did not come in time. What was asked for goes on. */
export class TimedOutError extends CliError {}

/** Thrown when what was waited for is Degraded, or a process that was started ended. */
export class NotHealthyError extends CliError {}

/** Thrown when the answer that was printed says that all is not well, so that a script can tell; nothing more is said. */
export class NotSettledError extends CliError {}

/** Thrown when a command that was asked to tell it by its exit code found differences. */
export class DifferencesError extends CliError {}

/** Thrown when the person stopped the command. */
export class InterruptedError extends CliError {}

/** Thrown when what was planned would be refused: why was said already. */
export class RefusedPlanError extends CliError {
  readonly codes: readonly string[];

  constructor(codes: readonly string[]) {
    super('Applied, it would be refused.');
    this.codes = codes;
  }
}

/** Thrown to end with an exit code of its own, saying what its cause says, if it has one. */
export class DetailedExit extends Error {
  override readonly name = 'DetailedExit';
  readonly exitCode: number;

  constructor(exitCode: number, cause?: unknown) {
    super('', { cause });
    this.exitCode = exitCode;
  }
}
