import { BadInputError } from '../../lib/errors.js';

/** One thing that is wrong in what a person wrote. */
export interface Problem {
  /** As the person named it; `standard input` for `-`. */
  readonly file: string;
  /** From 1. null: it is about the file as a whole. */
  readonly line: number | null;
  readonly column: number | null;
  /** What is wrong, and what would be right. */
  readonly message: string;
}

/** Thrown when files cannot be used as they are. Nothing was sent. The message lists every problem, one a line. */
export class FileProblemsError extends BadInputError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(problemText).join('\n'), { next: 'Nothing was changed. Correct the file and try again.' });
    this.problems = problems;
  }
}

/** Throws FileProblemsError when there are any. */
export function refuseProblems(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new FileProblemsError(problems);
}

function problemText({ file, line, column, message }: Problem): string {
  const place = [file, line, column].filter((part) => part !== null).join(':');
  return `${place}: ${message}`;
}
