import type { Log, LogFields } from '../lib/log.js';

export interface SimLogOptions {
  readonly who: string;
  /** Gets every line, for the trace that people read. Left out: nobody reads. */
  readonly write?: (who: string, line: string) => void;
  /** Nothing in a run is a reason for a person to act. */
  readonly onError: (line: string) => void;
}

/** What a process says. */
export function createSimLog(options: SimLogOptions, inherited: LogFields = {}): Log {
  const { who, write, onError } = options;
  const lineOf = (level: string, message: string, fields: LogFields = {}) => {
    const all = { ...inherited, ...fields };
    return `${level} ${message}${Object.keys(all).length > 0 ? ` ${JSON.stringify(all)}` : ''}`;
  };
  const at = (level: string) => (message: string, fields?: LogFields) => write?.(who, lineOf(level, message, fields));
  return {
    debug: at('DEBUG'),
    info: at('INFO'),
    warn: at('WARN'),
    error(message, fields) {
      const line = lineOf('ERROR', message, fields);
      write?.(who, line);
      onError(`${who}: ${line}`);
    },
    child: (fields) => createSimLog(options, { ...inherited, ...fields }),
  };
}
