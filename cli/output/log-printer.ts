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
}

/** Prints lines of containers, those of each container in a colour of its own. */
export function createLogPrinter(
  terminal: Pick<Terminal, 'print' | 'hasColour'>,
  { isJson, hasTimes, hasPrefix }: LogPrinterOptions,
): LogPrinter {
  const coloursOf = new Map<string, Colour>();
  const textOf = (line: ShownLine): string => {
    if (isJson) return JSON.stringify(line);
    const name = `${line.pod}/${line.container}`;
    const colour = coloursOf.get(name) ?? colours[coloursOf.size % colours.length] ?? 'blue';
    coloursOf.set(name, colour);
    const prefix = hasPrefix ? `${paint(name, colour, terminal.hasColour)}  ` : '';
    const time = hasTimes && line.at !== null ? `${line.at}  ` : '';
    return `${prefix}${time}${line.text}`;
  };
  return {
    print(lines) {
      for (const line of lines) terminal.print(textOf(line));
    },
  };
}

const colours: readonly Colour[] = ['blue', 'green', 'yellow', 'grey', 'red'];
