import type { LogLine } from '../schema/logs.js';

/** Puts lines of many sources into the order of their time, and keeps the newest within a bound. */
export interface LineCollector {
  add(lines: readonly LogLine[]): void;
  /** Those that were kept. `leftOut` is a sentence when there were more. */
  end(): { readonly lines: readonly LogLine[]; readonly leftOut: string | null };
}

export function createLineCollector(limits = { lines: MAX_LINES, characters: MAX_CHARACTERS }): LineCollector {
  let lines: LogLine[] = [];
  let characters = 0;
  let isCut = false;

  const cut = () => {
    lines.sort(byTime);
    let from = lines.length;
    characters = 0;
    while (from > 0 && lines.length - from < limits.lines) {
      const size = lines[from - 1]?.text.length ?? 0;
      if (characters + size > limits.characters) break;
      characters += size;
      from -= 1;
    }
    if (from === 0) return;
    isCut = true;
    lines = lines.slice(from);
  };

  return {
    add(more) {
      for (const line of more) {
        lines.push(line);
        characters += line.text.length;
      }
      if (lines.length > 2 * limits.lines || characters > 2 * limits.characters) cut();
    },
    end() {
      cut();
      const leftOut = isCut
        ? `Older lines are left out: an answer has at most ${limits.lines} lines and ${limits.characters} characters.`
        : null;
      return { lines, leftOut };
    },
  };
}

const MAX_LINES = 20_000;
const MAX_CHARACTERS = 4 * 1024 ** 2;

/** A line without a time stays where it came. */
function byTime(a: LogLine, b: LogLine): number {
  return a.at === null || b.at === null ? 0 : compareTimes(a.at, b.at);
}

/** By the clock, down to what a number cannot hold: the cluster tells nanoseconds. */
export function compareTimes(a: string, b: string): number {
  const [first, second] = [a, b].map(sortable);
  return first === second ? 0 : (first ?? '') < (second ?? '') ? -1 : 1;
}

function sortable(at: string): string {
  const fraction = /\.(\d+)/.exec(at)?.[1] ?? '';
  const seconds = new Date(Date.parse(at.replace(/\.\d+/, ''))).toISOString().slice(0, 19);
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}
