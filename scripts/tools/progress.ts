/** Lines between beats where there is no terminal: often enough that no CI takes silence for a hang. */
const plainBeatMs = 60_000;
const terminalBeatMs = 500;

/** What a person sees of work that takes long. */
export interface Progress {
  /** A new step of `subject`, with the seconds that it should take, if that is worth knowing. */
  step(subject: string, text: string, expectedSeconds?: number): void;
  /** How far the step is: `312 packages`. */
  advance(subject: string, text: string): void;
  /** A line that stays. */
  line(text: string): void;
  /** Ends `subject`. */
  end(subject: string): void;
  close(): void;
}

interface Step {
  readonly text: string;
  readonly expectedSeconds: number | null;
  readonly startedAt: number;
  advance: string;
}

interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** One line that updates on a terminal; elsewhere a line a step and one a minute. */
export function createProgress(output: Output, now: () => number = Date.now): Progress {
  const isTerminal = output.isTTY === true;
  const steps = new Map<string, Step>();
  const beat = setInterval(isTerminal ? paint : report, isTerminal ? terminalBeatMs : plainBeatMs);
  beat.unref();

  function paint(): void {
    const text = [...steps].map(([subject, step]) => describe(subject, step, now())).join('; ');
    output.write(`\r\x1b[2K${text.slice(0, (output.columns ?? 80) - 1)}`);
  }
  function report(): void {
    for (const [subject, step] of steps) output.write(`${describe(subject, step, now())}\n`);
  }

  return {
    step(subject, text, expectedSeconds) {
      const step = { text, expectedSeconds: expectedSeconds ?? null, startedAt: now(), advance: '' };
      steps.set(subject, step);
      if (isTerminal) paint();
      else output.write(`${describe(subject, step, step.startedAt)}\n`);
    },
    advance(subject, text) {
      const step = steps.get(subject);
      if (step) step.advance = text;
    },
    line(text) {
      output.write(isTerminal ? `\r\x1b[2K${text}\n` : `${text}\n`);
      if (isTerminal && steps.size > 0) paint();
    },
    end(subject) {
      steps.delete(subject);
      if (isTerminal) paint();
    },
    close() {
      clearInterval(beat);
    },
  };
}

function describe(subject: string, step: Step, now: number): string {
  const facts = [step.advance, formatSeconds(now - step.startedAt), expectation(step)].filter((fact) => fact !== '');
  return `${subject}: ${step.text}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
}

function expectation({ expectedSeconds }: Step): string {
  return expectedSeconds === null ? '' : `takes about ${formatSeconds(expectedSeconds * 1000)} on two cores`;
}

/** Whole seconds; nothing for less than one. */
function formatSeconds(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1000);
  if (seconds < 1) return '';
  if (seconds < 60) return `${seconds} s`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
