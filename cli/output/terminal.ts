/** Where the CLI writes, and what that place can show. */
export interface Terminal {
  /** Whether a person looks at standard output as it is written: then it may be redrawn. */
  readonly isInteractive: boolean;
  readonly hasColour: boolean;
  /** Width to fit into, in columns; null: unlimited, for a file or a pipe. */
  readonly width: number | null;
  /** Rows of the screen; null when there is no screen. */
  readonly height: number | null;
  /** An answer, with a line end. To standard output. */
  print(text: string): void;
  /** Something said on the way: progress, warnings, errors. To standard error, so that answers stay clean. */
  say(text: string): void;
  /** Raw text to standard output, for redrawing. */
  write(text: string): void;
}

export interface TerminalOptions {
  readonly out: OutputStream;
  readonly err: OutputStream;
  readonly noColour: boolean;
  /** From COLUMNS; null when it is not set. */
  readonly columns: number | null;
  /** A build server shows a log, even where it offers a terminal. */
  readonly isBuildServer: boolean;
}

export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export function createTerminal({ out, err, noColour, columns, isBuildServer }: TerminalOptions): Terminal {
  const isScreen = out.isTTY === true;
  return {
    isInteractive: isScreen && !isBuildServer,
    hasColour: isScreen && !noColour,
    // A terminal that does not know its size says 0.
    get width() {
      return columns ?? (isScreen ? out.columns || 80 : null);
    },
    get height() {
      return isScreen ? out.rows || 24 : null;
    },
    print: (text) => void out.write(`${text}\n`),
    say: (text) => void err.write(`${text}\n`),
    write: (text) => void out.write(text),
  };
}
