import type { ReadLogsQuery } from '../../sdk/generated/operations.js';
import { type Colour, paint } from './colour.js';
import type { Terminal } from './terminal.js';

export type ShownLine = ReadLogsQuery['logs']['lines'][number];

export interface LogPrinterOptions {
  /** One JSON object a line. */
  readonly isJson: boolean;
  readonly hasTimes: boolean;
  /** Whether a line says of which pod and container it is. */
  readonly hasPrefix: boolean;
}

export interface LogPrinter {
  print(lines: readonly ShownLine[]): void;
  /** The connection was lost: a followed log begins again some lines back, so what was printed comes once more. */
  restart(): void;
}

/** Prints lines of containers, each once. */
export function createLogPrinter(
  terminal: Pick<Terminal, 'print' | 'hasColour'>,
  { isJson, hasTimes, hasPrefix }: LogPrinterOptions,
): LogPrinter {
  const sources = new Map<string, Source>();
  const sourceOf = ({ pod, container }: ShownLine): Source => {
    const name = `${pod}/${container}`;
    const colour = colours[sources.size % colours.length] ?? 'blue';
    const source = sources.get(name) ?? { name, colour, at: '', newest: new Map(), repeated: null };
    sources.set(name, source);
    return source;
  };
  const textOf = (line: ShownLine, { name, colour }: Source): string => {
    if (isJson) return JSON.stringify(line);
    const prefix = hasPrefix ? `${paint(name, colour, terminal.hasColour)}  ` : '';
    const time = hasTimes && line.at !== null ? `${line.at}  ` : '';
    return `${prefix}${time}${line.text}`;
  };
  return {
    print(lines) {
      for (const line of lines) {
        const source = sourceOf(line);
        if (isRepeated(source, line)) continue;
        note(source, line);
        terminal.print(textOf(line, source));
      }
    },
    restart() {
      for (const source of sources.values()) source.repeated = new Map(source.newest);
    },
  };
}

interface Source {
  readonly name: string;
  readonly colour: Colour;
  /** Time of the newest line. */
  at: string;
  /** How often each text was printed with that time: one millisecond has many lines. */
  newest: Map<string, number>;
  /** What of that time comes once more; null: nothing does. */
  repeated: Map<string, number> | null;
}

function isRepeated(source: Source, { at, text }: ShownLine): boolean {
  const { repeated } = source;
  if (repeated === null || at === null) return false;
  if (at < source.at) return true;
  const left = at === source.at ? (repeated.get(text) ?? 0) : 0;
  if (left > 0) repeated.set(text, left - 1);
  else source.repeated = null;
  return left > 0;
}

function note(source: Source, { at, text }: ShownLine): void {
  if (at === null) return;
  if (at !== source.at) source.newest = new Map();
  source.at = at;
  source.newest.set(text, (source.newest.get(text) ?? 0) + 1);
}

const colours: readonly Colour[] = ['blue', 'green', 'yellow', 'grey', 'red'];
