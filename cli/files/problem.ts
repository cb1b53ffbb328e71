import { BadInputError } from '../../lib/errors.js';

/** One thing that is wrong in what a person wrote. */
export interface Problem {
  /** As the person named it; `standard input` for `-`. */
  readonly file: string;
  /** From 1. null: it is about the file as a whole. */
  readonly line: number | null;
  readonly column: number | null;
  /** What is wrong, and what would be right. About the file as a whole, it may name the file itself. */
  readonly message: string;
}

/** Thrown when files cannot be used as they are. Nothing was sent. The message lists every problem, one a line. */
export class FileProblemsError extends BadInputError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], next = 'Correct the file and try again.') {
    super(problems.map(problemText).join('\n'), { next: `Nothing was changed. ${next}` });
    this.problems = problems;
  }
}

/** Throws FileProblemsError when there are any. */
export function refuseProblems(problems: readonly Problem[], next?: string): void {
  if (problems.length > 0) throw new FileProblemsError(problems, next);
}

function problemText({ file, line, column, message }: Problem): string {
  if (line === null && message.includes(file)) return /[.?]$/.test(message) ? message : `${message}.`;
  const place = [file, line, column].filter((part) => part !== null).join(':');
  return `${place}: ${message}`;
}
